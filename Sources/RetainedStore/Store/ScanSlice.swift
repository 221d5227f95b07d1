/// One batch of a scan, within its limits.
struct ScanSlice {
    private let reader: StoreReader
    private let pattern: ScanPattern
    private let target: RecordTarget
    private let limits: ScanLimits
    /// The overlays with keys that came after the version up to which is scanned, the newest first: these keys have no
    /// part in the merge, but hide what older sources have of them.
    private var hiding: [Overlay] = []
    private var recordCount = 0
    private var bytes = 0
    private var seekCount = 0

    init(reader: StoreReader, pattern: ScanPattern, target: RecordTarget, limits: ScanLimits) {
        self.reader = reader
        self.pattern = pattern
        self.target = target
        self.limits = limits
    }

    /// Runs the batch over what a snapshot holds, and leaves the scan where the next one begins; returns whether it is
    /// finished.
    mutating func run(
        _ scan: inout RetainedScan,
        _ active: Overlay,
        _ frozen: Overlay?,
        _ body: (RetainedView) -> Void
    ) throws(StoreError) -> Bool {
        guard let sources = sources(active, frozen) else { return false }
        let next = UnsafeMutableRawBufferPointer.allocate(byteCount: BlindTopicKey.bytesMax, alignment: 16)
        defer { next.deallocate() }
        let startBytes = scan.start(pattern, into: next)
        let start = UnsafeRawBufferPointer(rebasing: next[..<startBytes])
        var merge = try reading { () throws(IndexError) in try ScanMerge(sources, from: start) }
        while let source = merge.first {
            if isSpent {
                scan.pause(at: source.key)
                return false
            }
            switch pattern.examine(source.key, next: next) {
            case .match: try pass(source, target, &merge, &scan, body)
            case .matchAfterOpening:
                var target = target
                target.pattern = pattern
                try pass(source, target, &merge, &scan, body)
            case .skip:
                seekCount += 1
                try reading { () throws(IndexError) in try merge.advance() }
            case .seek(let keyBytes):
                seekCount += 1
                let target = UnsafeRawBufferPointer(rebasing: next[..<keyBytes])
                try reading { () throws(IndexError) in try merge.seek(target) }
            case .end:
                scan.finish()
                return true
            }
        }
        scan.finish()
        return true
    }

    private var isSpent: Bool {
        recordCount >= max(1, limits.recordsMax) || bytes >= max(1, limits.bytesMax)
            || seekCount >= max(1, limits.seeksMax)
    }

    /// Hands out the source's record, if it is wanted, and goes on; from a record that can not be opened too, before
    /// the error is thrown, so that the scan does not come back to it.
    private mutating func pass(
        _ source: ScanSource,
        _ target: RecordTarget,
        _ merge: inout ScanMerge,
        _ scan: inout RetainedScan,
        _ body: (RetainedView) -> Void
    ) throws(StoreError) {
        do throws(StoreError) {
            let handed: Int? =
                switch source.record {
                case _ where isHidden(source): nil
                case .place(let place): try reader.deliver(place, source.key, target, body)
                case .value(let value): try reader.deliver(value, source.key, target, body)
                }
            if let handed {
                recordCount += 1
                bytes += handed
            } else {
                seekCount += 1
            }
        } catch {
            try reading { () throws(IndexError) in try merge.advance() }
            if let following = merge.first { scan.pause(at: following.key) } else { scan.finish() }
            throw error
        }
        try reading { () throws(IndexError) in try merge.advance() }
    }

    /// Whether the current key has got a newer record than the source's, too new to be wanted: the live stream carries
    /// that one, and has perhaps delivered it already, after which an older value must not come (R1).
    private func isHidden(_ source: ScanSource) -> Bool {
        guard !hiding.isEmpty else { return false }
        let key = source.key
        let token = Overlay.token(of: key)
        return reader.store.order.withLock {
            hiding.prefix { $0 !== source.overlay }.contains { $0.place(of: token, keyBytes: key.count) != nil }
        }
    }

    private func reading<Result>(_ body: () throws(IndexError) -> Result) throws(StoreError) -> Result {
        do throws(IndexError) {
            return try body()
        } catch {
            throw error.storeError(path: reader.index.path)
        }
    }

    /// Everything that has a part in the scan; nil if bringing the newest keys into order took what a batch may cost.
    private mutating func sources(_ active: Overlay, _ frozen: Overlay?) -> [ScanSource]? {
        var sources: [ScanSource] = []
        for overlay in [active, frozen] {
            guard let overlay else { continue }
            // A key that came later has in this overlay newer records only, none of which is wanted.
            let count = overlay.count
            let target = overlay.count(upToVersion: target.upToVersion, of: count)
            if target < count { hiding.append(overlay) }
            let runs = overlay.runs.runs(of: overlay, upTo: target, entriesMax: sortedEntriesMax, reader.journal)
            guard let runs else { return nil }
            for run in runs {
                sources.append(ScanSource(run: run, of: overlay, rank: sources.count, reader.journal))
            }
        }
        sources.append(ScanSource(index: reader.index, rank: sources.count, reader.journal))
        return sources
    }

    /// Entries that one batch brings into order: some milliseconds.
    private var sortedEntriesMax: Int { OverlayRuns.runEntriesMax }
}
