/// The order of an overlay's entries by key, made in runs: by whoever needs it, as much as is needed, once for all.
///
/// Writers pay nothing for it. A run covers neighbouring entries; small runs at the end are sorted together with what
/// follows them, so that their number stays small.
final class OverlayRuns: @unchecked Sendable {
    // Guarded by `lock`.

    /// Entries in a run at most: sorting so many takes some milliseconds, which an event loop can bear.
    static let runEntriesMax = 16_384

    private let lock = OrderLock()
    private var runs: [OverlayRun] = []
    private var sortedCount = 0

    /// Runs that cover the first `target` entries at least; nil if that takes sorting more than `entriesMax` entries,
    /// of which so many have been sorted now.
    func runs(
        of overlay: Overlay,
        upTo target: Int,
        entriesMax: Int,
        _ journal: JournalReader
    ) -> [OverlayRun]? {
        lock.withLock {
            var left = entriesMax
            while sortedCount < target, left > 0 {
                let count = min(target - sortedCount, Self.runEntriesMax, left)
                left -= count
                add(count, of: overlay, journal)
            }
            return sortedCount >= target ? runs : nil
        }
    }

    /// One run of all the entries of a frozen overlay, in the place of those that there were.
    ///
    /// Readers that have hold of the old ones go on with them.
    func sortAll(of overlay: Overlay, _ journal: JournalReader) -> OverlayRun {
        let run = OverlaySorter.sort(overlay, 0..<overlay.count, journal)
        lock.withLock {
            runs = [run]
            sortedCount = run.count
        }
        return run
    }

    private func add(_ count: Int, of overlay: Overlay, _ journal: JournalReader) {
        var start = sortedCount
        let end = start + count
        while let last = runs.last, end - last.start <= Self.runEntriesMax, last.count <= 2 * (end - start) {
            start = last.start
            runs.removeLast()
        }
        runs.append(OverlaySorter.sort(overlay, start..<end, journal))
        sortedCount = end
    }
}
