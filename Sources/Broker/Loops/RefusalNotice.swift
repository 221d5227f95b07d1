import Synchronization

/// Whether it has been said that the store takes no retained messages: once for all event loops, until it takes some again.
final class RefusalNotice: Sendable {
    private let isGiven = Atomic(false)

    /// `true` for the first who asks.
    func give() -> Bool {
        !isGiven.exchange(true, ordering: .relaxed)
    }

    /// - Returns: Whether it had been said.
    func takeBack() -> Bool {
        isGiven.exchange(false, ordering: .relaxed)
    }
}
