/// Moves what the overlay holds into the index, in a thread of its own: started by bytes or entries, or by whoever
/// asks.
///
/// ### Invariants
/// - The journal is on the disk through what is moved, before anything is moved, under every policy.
/// - Segments are retired only after the index has been synced with everything that is in them.
final class Checkpointer: @unchecked Sendable {
    /// How often whoever waits for a pass or a compaction hears of its progress.
    private static let observedMilliseconds = 100

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
    /// Passes over the index, the first of which is under way.
    private(set) var passes: [IndexPass] = []
    /// Records that passes have removed, without a checkpoint.
    private(set) var removedCount: UInt64 = 0
    /// What the last rotation that ended has done.
    private(set) var lastRotation = IndexPassProgress()
    /// The compaction that is under way; changed by the checkpoint thread, and by whoever begins one.
    private(set) var compaction: OnlineCompaction?
    /// Whether opening found so many segments that they should go: every opening begins one, so that a store that is
    /// opened often and used little would only grow.
    private var isDueAtStart: Bool
    /// How far the journal had come when the last checkpoint began.
    private var lastPosition: UInt64 = 0
    /// Called in the checkpoint thread at each moment: for tests that look at what a crash there would leave.
    private let observer: (@Sendable (CheckpointMoment) -> Void)?
    /// There is something to move: the checkpoint thread waits for it.
    private let wanted = OrderCondition()
    private let ended = OrderCondition()
    private var thread: BackgroundThread?

    init(state: IndexState, isDueAtStart: Bool, observer: (@Sendable (CheckpointMoment) -> Void)? = nil) {
        self.state = state
        self.isDueAtStart = isDueAtStart
        self.observer = observer
    }

    func reached(_ moment: CheckpointMoment) {
        observer?(moment)
    }

    /// Starts the thread, which keeps the store alive until `stop`.
    func start(_ store: RetainedStore) throws(EnvironmentError) {
        store.order.withLock { wakeIfDue(store) }
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

    /// Asks for a checkpoint if enough has gathered, or if a writer waits for what only a checkpoint can give. With the
    /// order lock held.
    func wakeIfDue(_ store: RetainedStore) {
        guard askedCount == begunCount, isDue(store) else { return }
        askedCount += 1
        wanted.signal()
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
        let active = store.overlays.active
        guard store.overlays.frozen == nil, active.count > 0 else { return false }
        let journalBytes = store.journal.position - lastPosition
        return active.count >= min(limits.checkpointEntries, active.capacity / 2)
            || journalBytes >= UInt64(min(limits.checkpointJournalBytes, limits.journalBytesMax / 4))
            || store.journal.isAtBytesMax
            || isDueAtStart
    }

    /// What the checkpoint thread found to do.
    private enum Work {
        case checkpoint(ticket: UInt64)
        case pass(IndexPass)
        case sweep
        case compaction(OnlineCompaction)
    }

    private func run(_ store: RetainedStore) {
        var goesOn = true
        while goesOn, let work = store.order.withLock({ waitForWork(store) }) {
            switch work {
            case .checkpoint(let ticket): goesOn = runCheckpoint(store, ticket)
            case .pass(let pass): goesOn = step(pass, store)
            case .sweep: goesOn = sweep(store)
            case .compaction(let compaction): goesOn = step(compaction, store)
            }
        }
        let failure = store.order.withLock { store.journal.failure }
        endCompaction(.failure(failure ?? .closed), store)
        noteTime(store)
        store.order.withLock { ended.broadcast() }
    }

    /// With the order lock held; nil at the end.
    private func waitForWork(_ store: RetainedStore) -> Work? {
        while true {
            if mustEnd(store) { return nil }
            passes.removeAll { $0.isWithdrawn }
            var due: MonotonicTime?
            if let pass = passes.first, askedCount == begunCount {
                if pass.afterLSN > state.appliedLSN, store.overlays.active.count > 0 {
                    askedCount += 1
                } else if pass.due <= .now {
                    return .pass(pass)
                } else {
                    due = pass.due
                }
            } else if askedCount == begunCount {
                switch store.sweeper.turn(store) {
                case .never: break
                case .later(let moment): due = moment
                case .checkpoint: askedCount += 1
                case .step: return .sweep
                }
            }
            if let compaction {
                let isFree = askedCount == begunCount
                if compaction.due <= .now, isFree || compaction.isOverdue { return .compaction(compaction) }
                due = min(due ?? compaction.due, compaction.due)
            }
            if askedCount != begunCount {
                begunCount = askedCount
                isDueAtStart = false
                lastPosition = store.journal.position
                return .checkpoint(ticket: begunCount)
            }
            wanted.wait(store.order, until: due)
        }
    }

    private func runCheckpoint(_ store: RetainedStore, _ ticket: UInt64) -> Bool {
        let start = MonotonicTime.now
        guard Checkpoint.run(store) else { return false }
        store.order.withLock {
            endedCount = ticket
            lastEnd = .now
            lastSeconds = MonotonicTime.now.seconds(since: start)
            ended.broadcast()
        }
        store.relieve()
        return true
    }

    /// Does a chunk of a pass; returns false at the thread's end.
    private func step(_ pass: IndexPass, _ store: RetainedStore) -> Bool {
        do throws(IndexError) {
            let isLast = try pass.step(store)
            let wasFull = store.order.withLock {
                if isLast {
                    pass.isEnded = true
                    if pass.purpose == .reseal { lastRotation = pass.progress }
                    passes.removeAll { $0 === pass }
                    ended.broadcast()
                }
                // A checkpoint that found no space says itself when it has found some.
                guard store.overlays.isIndexFull, store.overlays.frozen == nil else { return false }
                store.overlays.isIndexFull = false
                store.journal.roomArrived.broadcast()
                return true
            }
            if wasFull { store.progress.report(.relieved) }
            return true
        } catch {
            // What was not committed is done again when there is space.
            return Checkpoint.canGoOn(store, after: error)
        }
    }

    /// Clears some of what has expired; returns false at the thread's end.
    private func sweep(_ store: RetainedStore) -> Bool {
        do throws(IndexError) {
            let isCheckpointWanted = try store.sweeper.step(store)
            store.order.withLock {
                if isCheckpointWanted { askedCount += 1 }
                ended.broadcast()
            }
            return true
        } catch {
            return Checkpoint.canGoOn(store, after: error)
        }
    }

    /// Writes down what time it is, at the thread's end, if anything in the store expires.
    private func noteTime(_ store: RetainedStore) {
        let isWanted = store.order.withLock {
            store.journal.failure == nil
                && (store.sweeper.isNeeded || store.overlays.active.earliestExpirySeconds != ExpiryNote.never)
        }
        guard isWanted else { return }
        do throws(IndexError) {
            try store.sweeper.commitState(store)
            try store.index.sync()
        } catch {
            // A disk without space for a page: the next process begins with the time that was written down before.
        }
    }

    /// The thread should look again what there is to do. With the order lock held.
    func wake() {
        wanted.signal()
    }

    /// Clears everything that has expired, and returns when that has been done.
    func sweepNow(_ store: RetainedStore) throws(StoreError) {
        try store.order.withLock { () throws(StoreError) in
            let count = store.sweeper.want()
            wanted.signal()
            while store.sweeper.statistics.passCount < count {
                try store.journal.checkState()
                if isStopping { throw .closed }
                if store.overlays.isIndexFull { throw .full(.index) }
                ended.wait(store.order)
            }
        }
    }

    /// A pass has removed records. With the order lock held.
    func countRemoved(_ count: UInt64) {
        removedCount += count
    }

    /// Does a slice of a compaction; returns false at the thread's end.
    private func step(_ compaction: OnlineCompaction, _ store: RetainedStore) -> Bool {
        do throws(StoreError) {
            guard let report = try compaction.step(store) else { return true }
            endCompaction(.success(report), store)
        } catch {
            endCompaction(.failure(error), store)
        }
        return !store.order.withLock { mustEnd(store) }
    }

    /// Lets go of the compaction under way, if there is one, and tells who waits for it. For the checkpoint thread.
    func endCompaction(_ outcome: Result<CompactionReport, StoreError>, _ store: RetainedStore) {
        guard let compaction = store.order.withLock({ compaction }) else { return }
        compaction.end()
        store.order.withLock {
            compaction.outcome = outcome
            self.compaction = nil
            ended.broadcast()
        }
    }

    /// Begins a compaction, or joins the one that is under way, and returns when it has ended.
    func runCompaction(
        _ store: RetainedStore,
        isPaced: Bool,
        _ progress: (CompactionProgress) -> Void
    ) throws(StoreError) -> CompactionReport {
        let compaction = try store.order.withLock { () throws(StoreError) in
            try store.journal.checkState()
            if isStopping { throw .closed }
            let compaction = self.compaction ?? OnlineCompaction(store.options.location)
            if !isPaced { compaction.isPaced = false }
            self.compaction = compaction
            wanted.signal()
            return compaction
        }
        while true {
            let deadline = MonotonicTime.now.advanced(milliseconds: Self.observedMilliseconds)
            let (outcome, done) = store.order.withLock {
                while compaction.outcome == nil, MonotonicTime.now < deadline {
                    ended.wait(store.order, until: deadline)
                }
                return (compaction.outcome, compaction.progress)
            }
            if let outcome { return try outcome.get() }
            progress(done)
        }
    }

    /// Has a pass run behind those that wait already. With the order lock held.
    func add(_ pass: IndexPass) {
        passes.append(pass)
        wanted.signal()
    }

    /// Takes passes back that have not ended. With the order lock held.
    func withdraw(_ purpose: IndexPassPurpose) {
        for pass in passes where pass.purpose == purpose { pass.isWithdrawn = true }
        ended.broadcast()
    }

    /// Returns when a pass has ended, or has been withdrawn.
    ///
    /// - Parameter observer: Called several times a second, without the order lock.
    /// - Throws: `failed`, `full`, `closed`; a pass that waits for space stays where it is and goes on by itself.
    func wait(
        for pass: IndexPass,
        _ store: RetainedStore,
        _ observer: (IndexPassProgress) -> Void = { _ in }
    ) throws(StoreError) {
        while true {
            let progress = try store.order.withLock { () throws(StoreError) -> IndexPassProgress? in
                let deadline = MonotonicTime.now.advanced(milliseconds: Self.observedMilliseconds)
                while !pass.isEnded, !pass.isWithdrawn {
                    try store.journal.checkState()
                    if isStopping { throw .closed }
                    if store.overlays.isIndexFull { throw .full(.index) }
                    if MonotonicTime.now >= deadline { return pass.progress }
                    ended.wait(store.order, until: deadline)
                }
                return nil
            }
            guard let progress else { return }
            observer(progress)
        }
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
