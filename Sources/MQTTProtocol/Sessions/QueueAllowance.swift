import Synchronization

/// The payload bytes that may wait in the queues of several sessions together, each of which may have a thread of its own.
public final class QueueAllowance: Sendable {
    private let bytesMax: Int
    private let taken = Atomic<Int>(0)

    /// - Parameter bytesMax: as with `max_queued_bytes`, the message that reaches it is still taken.
    public init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// The bytes that wait.
    public var bytes: Int { taken.load(ordering: .relaxed) }

    /// Whether no more messages may wait.
    var isSpent: Bool { bytes >= bytesMax }

    func take(_ bytes: Int) {
        taken.add(bytes, ordering: .relaxed)
    }

    func giveBack(_ bytes: Int) {
        taken.subtract(bytes, ordering: .relaxed)
    }
}
