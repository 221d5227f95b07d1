/// Moves what the overlay holds into the index, in a thread of its own: started by bytes or entries, or by whoever
/// asks.
///
/// ### Invariants
/// - The journal is on the disk through what is moved, before anything is moved, under every policy.
/// - Segments are retired only after the index has been synced with everything that is in them.
final class Checkpointer: @unchecked Sendable {
    // Guarded by the store's order lock, except `thread`, which `start` and `stop` use, one after the other.

    /// What the index says of itself; changed by the checkpoint thread only.
    var state: IndexState
    /// When the last checkpoint ended, and how long it took.
    private(set) var lastEnd: MonotonicTime?
    private(set) var lastSeconds: Double?
    /// Checkpoints that have been asked for, and those that have been begun and ended.
    private var askedCount: UInt64 = 0
    private var begunCount: UInt64 = 0
    private var endedCount: UInt64 = 0
    private var isStopping = false
    /// How far the journal had come when the last checkpoint began.
    private var lastPosition: UInt64 = 0
    /// Called in the checkpoint thread at each moment: for tests that look at what a crash there would leave.
    private let observer: (@Sendable (CheckpointMoment) -> Void)?
    /// There is something to move: the checkpoint thread waits for it.
    private let wanted = OrderCondition()
    private let ended = OrderCondition()
    private var thread: BackgroundThread?

    init(state: IndexState, observer: (@Sendable (CheckpointMoment) -> Void)? = nil) {
        self.state = state
        self.observer = observer
    }

    func reached(_ moment: CheckpointMoment) {
        observer?(moment)
    }

    /// Starts the thread, which keeps the store alive until `stop`.
    func start(_ store: RetainedStore) throws(EnvironmentError) {
        thread = try BackgroundThread(name: "latch-checkpnt") { store.checkpointer.run(store) }
    }

    /// Ends the thread, between two chunks if need be; the next opening replays what was not moved.
    func stop(_ store: RetainedStore) {
        store.order.withLock {
            isStopping = true
            wanted.broadcast()
            ended.broadcast()
        }
        thread?.join()
        thread = nil
    }

    /// Whether the checkpoint under way should end early. With the order lock held.
    func mustEnd(_ store: RetainedStore) -> Bool {
        isStopping || store.journal.failure != nil
    }

    /// Asks for a checkpoint if enough has gathered; called after each group.
    func wakeIfDue(_ store: RetainedStore) {
        store.order.withLock {
            if askedCount == begunCount, isDue(store) {
                askedCount += 1
                wanted.signal()
            }
        }
    }

    /// Runs a checkpoint that covers everything ordered so far, and returns when it has ended.
    func runNow(_ store: RetainedStore) throws(StoreError) {
        try store.order.withLock { () throws(StoreError) in
            askedCount += 1
            let ticket = askedCount
            wanted.signal()
            while endedCount < ticket {
                try store.journal.checkState()
                if isStopping { throw .closed }
                if store.overlays.isIndexFull { throw .full(.index) }
                ended.wait(store.order)
            }
        }
    }

    private func isDue(_ store: RetainedStore) -> Bool {
        let limits = store.options.limits
        let overlays = store.overlays
        if overlays.frozen != nil { return false }
        return overlays.active.count >= limits.checkpointEntries
            || store.journal.position - lastPosition >= UInt64(limits.checkpointJournalBytes)
            || store.journal.table.segments.count > limits.segmentsMax && overlays.active.count > 0 && lastEnd == nil
    }

    private func run(_ store: RetainedStore) {
        while true {
            let ticket = store.order.withLock { () -> UInt64? in
                while askedCount == begunCount, !mustEnd(store) { wanted.wait(store.order) }
                if mustEnd(store) { return nil }
                begunCount = askedCount
                lastPosition = store.journal.position
                return begunCount
            }
            guard let ticket else { break }
            let start = MonotonicTime.now
            guard Checkpoint.run(store) else { break }
            store.order.withLock {
                endedCount = ticket
                lastEnd = .now
                lastSeconds = MonotonicTime.now.seconds(since: start)
                ended.broadcast()
            }
            store.relieve()
        }
        store.order.withLock { ended.broadcast() }
    }

    /// Sleeps until it is time to look for space again, or the end has come.
    func waitForSpace(_ store: RetainedStore) {
        let deadline = MonotonicTime.now.advanced(milliseconds: store.options.limits.spaceRetryMilliseconds)
        store.order.withLock {
            ended.broadcast()
            while !mustEnd(store), MonotonicTime.now < deadline { wanted.wait(store.order, until: deadline) }
        }
    }
}
