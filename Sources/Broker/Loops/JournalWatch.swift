import Synchronization

/// Whether an event loop waits for the journal: the journal's thread wakes nobody who did not ask, and nobody twice.
final class JournalWatch: Sendable {
    private let isAsked = Atomic(false)

    /// The loop wants to be woken at the journal's next progress.
    func ask() {
        isAsked.store(true, ordering: .sequentiallyConsistent)
    }

    /// `true` once for each time that the loop asked.
    func take() -> Bool {
        isAsked.exchange(false, ordering: .sequentiallyConsistent)
    }
}
