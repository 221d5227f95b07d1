internal import Glibc
internal import Synchronization

/// Walks a journal's segments side by side, and hands out what was found in their order.
///
/// Reading, checksums and MACs are most of what replaying a journal costs, and none of it needs another segment: a chain of
/// MACs begins with the segment's own header. The caller's thread walks too, so that one processor, or one segment, needs no
/// thread.
final class SegmentWalks: @unchecked Sendable {
    // `outcomes` is guarded by `lock`; the rest is written before a thread starts.

    /// A segment to be walked.
    struct Item {
        var file: any JournalFile
        var header: SegmentHeader
        var mac: UInt128
        /// What the next segment says; nil in the last one.
        var statedEnd: SegmentWalk.StatedEnd?
    }

    /// Threads beside the caller's: more would wait for the disk together.
    private static let threadsMax = 7

    private let items: [Item]
    private let key: SecretBytes?
    /// How many items are somebody's already.
    private let claimedCount = Atomic<Int>(0)
    private let lock = OrderLock()
    private let walked = OrderCondition()
    private var outcomes: [Result<SegmentWalk.Outcome, StoreError>?]
    private var threads: [BackgroundThread] = []

    init(_ items: [Item], key: SecretBytes?) {
        self.items = items
        self.key = key
        outcomes = Array(repeating: nil, count: items.count)
    }

    /// Starts as many threads as there are processors and segments for; where the system has none left, the caller's does
    /// it all.
    func start() {
        let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        for _ in 0..<max(0, min(processors, items.count, Self.threadsMax + 1) - 1) {
            guard let thread = try? BackgroundThread(name: "latch-replay", { self.walkWhatIsLeft() }) else { return }
            threads.append(thread)
        }
    }

    /// What the walk through a segment found; walks others while it waits.
    func outcome(of index: Int) throws(StoreError) -> SegmentWalk.Outcome {
        while true {
            if let outcome = lock.withLock({ outcomes[index] }) { return try outcome.get() }
            if walkNext() { continue }
            lock.withLock { while outcomes[index] == nil { walked.wait(lock) } }
        }
    }

    /// Begins no further walk, and waits for those under way.
    func stop() {
        claimedCount.store(items.count, ordering: .relaxed)
        for thread in threads { thread.join() }
        threads = []
    }

    private func walkWhatIsLeft() {
        while walkNext() {}
    }

    /// Walks through the first segment that is nobody's yet; returns false if there is none.
    private func walkNext() -> Bool {
        let index = claimedCount.add(1, ordering: .relaxed).oldValue
        guard index < items.count else { return false }
        let outcome = walk(items[index])
        lock.withLock { outcomes[index] = outcome }
        walked.broadcast()
        return true
    }

    private func walk(_ item: Item) -> Result<SegmentWalk.Outcome, StoreError> {
        do throws(StoreError) {
            let walk = try SegmentWalk.make(item.file, header: item.header, mac: item.mac, key: key)
            return .success(try walk.run(to: item.statedEnd))
        } catch {
            return .failure(error)
        }
    }
}
