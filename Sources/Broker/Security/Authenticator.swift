import Authentication
import NIOCore
import NIOPosix
import Synchronization

/// Checks passwords away from the event loops: one PBKDF2 takes as long as a thousand messages.
///
/// The number of checks under way is bounded; beyond it a client is told that the server is busy.
final class Authenticator: Sendable {
    private let pool = NIOThreadPool(numberOfThreads: 1)
    private let waiting = Mutex(0)

    init() {
        pool.start()
    }

    /// Whether `password` is the user's.
    ///
    /// - Returns: `nil` when too many checks wait already.
    func verify(
        user: [UInt8],
        password: [UInt8]?,
        in table: PasswordTable,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<Bool>? {
        let isAdmitted = waiting.withLock { count in
            guard count < BrokerLimits.authenticationsWaitingMax else { return false }
            count += 1
            return true
        }
        guard isAdmitted else { return nil }
        let verdict = pool.runIfActive(eventLoop: eventLoop) {
            // No password is not an empty one.
            guard let password else { return table.verify(user: user, password: nil) }
            return password.withUnsafeBytes { table.verify(user: user, password: $0) }
        }
        verdict.whenComplete { _ in self.waiting.withLock { $0 -= 1 } }
        return verdict
    }

    func shutDown() {
        pool.shutdownGracefully { _ in }
    }
}
