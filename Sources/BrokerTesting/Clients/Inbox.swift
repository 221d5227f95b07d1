import NIOCore
import Synchronization

/// What has arrived on a connection, for the one task that waits for it.
final class Inbox: Sendable {
    private struct State {
        var bytes = ByteBuffer()
        var isClosed = false
        var isTimedOut = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func append(_ bytes: ByteBuffer) {
        wake { $0.bytes.writeImmutableBuffer(bytes) }
    }

    func close() {
        wake { $0.isClosed = true }
    }

    /// Hands out what has arrived since the last call, as soon as there is something.
    ///
    /// - Throws: ``ClientFailure``, after everything that arrived has been handed out.
    func receive(on eventLoop: any EventLoop) async throws -> ByteBuffer {
        let timeout = eventLoop.scheduleTask(in: ClientLimits.patience) { self.wake { $0.isTimedOut = true } }
        defer { timeout.cancel() }
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.bytes.readableBytes > 0 || state.isClosed { return true }
                state.waiting = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
        return try state.withLock { state in
            defer { state.isTimedOut = false }
            if state.bytes.readableBytes > 0 {
                let bytes = state.bytes
                state.bytes = ByteBuffer()
                return bytes
            }
            throw state.isClosed ? ClientFailure.closed : .timedOut
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }
}
