internal import CLMDB

/// One pass over everything in a store, which changes nothing and goes on behind what is damaged wherever it can.
struct Verification {
    private(set) var report = VerificationReport()
    private let options: StoreOptions
    private let header: StoreHeader
    /// nil without the key.
    private let envelopes: EnvelopeCheck?
    private let keys: DerivedKeys?
    /// Whether this is a backup, which has no journal.
    private let isCopy: Bool
    /// Each topic's newest record that the index may not have.
    private var overlay: Overlay
    private var segments = SegmentTable()
    private var lastLSN: UInt64 = 0
    /// Where the journal is.
    private let disk: any JournalDisk

    init(
        _ options: StoreOptions,
        _ opened: OpenedStore?,
        nowSeconds: UInt64,
        disk: any JournalDisk
    ) throws(StoreError) {
        self.options = options
        self.disk = disk
        do throws(StoreHeaderError) {
            header =
                if let opened { opened.header } else { try StoreHeader.read(from: options.location.headerPath) }
        } catch {
            throw StoreError(error, directory: options.location.directory)
        }
        keys = opened?.keys
        isCopy = try BackupMarker.read(from: options.location.directory, keys: opened?.keys) != nil
        do throws(EnvironmentError) {
            overlay = try Overlay(capacity: options.limits.activeEntriesMax)
            envelopes = if let opened { try EnvelopeCheck(opened, nowSeconds: nowSeconds) } else { nil }
        } catch {
            throw .environment(error)
        }
        report.hadKey = opened != nil
    }

    /// Reads journal and index.
    mutating func run(_ progress: (VerificationProgress) -> Void) throws(StoreError) {
        var index: IndexEnvironment?
        var state: IndexState?
        try noting { (verification) throws(StoreError) in
            guard let opened = try verification.openIndex() else { return }
            index = opened
            state = try verification.readState(opened)
        }
        try noting { (verification) throws(StoreError) in
            try verification.readJournal(appliedLSN: state?.appliedLSN, progress)
        }
        guard let index else { return }
        try noting { (verification) throws(StoreError) in
            try verification.readIndex(index, state, progress)
        }
    }

    /// Runs a part; damage that ends it is noted, and is not the end of the whole.
    private mutating func noting(_ part: (inout Verification) throws(StoreError) -> Void) throws(StoreError) {
        do throws(StoreError) {
            try part(&self)
        } catch {
            guard case .damaged(let damage) = error else { throw error }
            report.add(damage)
        }
    }

    // MARK: - The index's state

    /// The index; nil if LMDB can not be let near it.
    private mutating func openIndex() throws(StoreError) -> IndexEnvironment? {
        guard try isReadable() else { return nil }
        do throws(IndexError) {
            return try IndexEnvironment(path: options.location.indexPath, limits: options.limits, access: .readOnly)
        } catch {
            throw error.storeError(path: options.location.indexPath)
        }
    }

    /// Notes what is wrong with the pages of the index's file.
    private mutating func isReadable() throws(StoreError) -> Bool {
        // That there is none, LMDB says.
        guard let structure = try IndexStructure.walked(at: options.location) else { return true }
        for damage in structure.damage { report.add(damage) }
        return structure.isReadable
    }

    private func readState(_ index: IndexEnvironment) throws(StoreError) -> IndexState? {
        guard let keys else { return nil }
        return try index.checkedState(header, keys)
    }

    // MARK: - The journal

    private mutating func readJournal(
        appliedLSN: UInt64?,
        _ progress: (VerificationProgress) -> Void
    ) throws(StoreError) {
        let replay = JournalReplay(
            disk: disk,
            directory: options.location.journalPath,
            identity: JournalIdentity(setID: header.setID, timeline: header.timeline, key: keys?.journal),
            appliedLSN: appliedLSN,
            isCopy: isCopy
        )
        var replayed = ReplayedOverlay(overlay)
        var found: [Damage] = []
        let envelopes = envelopes
        let outcome = try replay.run(progress: progress) { (record, place, path) throws(StoreError) in
            try replayed.add(record, place)
            if case .damaged(let damage) = try envelopes?.check(record, file: path, offset: place.offset) {
                found.append(damage)
            }
        }
        try replayed.finish()
        overlay = replayed.overlay
        for damage in found { report.add(damage) }
        segments = SegmentTable(outcome.segments)
        lastLSN = outcome.end.lastLSN
        report.segmentCount = outcome.report.segmentCount
        report.journalRecordCount = outcome.report.recordCount
        report.tornBytes = outcome.report.tornBytes
        countJournalStates()
    }

    /// Counts what the newest records of the journal do to their topics.
    private mutating func countJournalStates() {
        guard let envelopes else { return }
        for index in 0..<overlay.count {
            let place = overlay.entry(index).place
            guard let record = segments[number: place.segment]?.record(at: place.offset) else { continue }
            if record.type == RecordType.clear.rawValue {
                if RecordCollection(ofKey: record.key) == .retained { report.clearedCount += 1 }
            } else if let outcome = try? envelopes.check(record, file: "", offset: 0) {
                count(outcome)
            }
        }
    }

    private mutating func count(_ outcome: EnvelopeCheck.Outcome) {
        switch outcome {
        case .current: report.setCount += 1
        case .expired: report.expiredCount += 1
        case .session: report.sessionRecordCount += 1
        case .shredded: report.shreddedCount += 1
        case .damaged: break
        }
    }

    // MARK: - The index

    private mutating func readIndex(
        _ index: IndexEnvironment,
        _ state: IndexState?,
        _ progress: (VerificationProgress) -> Void
    ) throws(StoreError) {
        var tally = try IndexTally(auditKey: keys?.audit)
        do throws(IndexError) {
            let reader = try IndexReader(index)
            let total = UInt64(clamping: try index.statistics().recordCount)
            try reader.begin()
            defer { reader.end() }
            var item = try reader.first()
            while let current = item {
                try note(current, reader.path, &tally)
                if tally.count % 4_096 == 0 {
                    progress(VerificationProgress(part: .index, doneCount: tally.count, totalCount: total))
                }
                item = try reader.next()
            }
            progress(VerificationProgress(part: .index, doneCount: tally.count, totalCount: total))
            // So that whoever opens the index next has nothing to look at that was not looked at here.
            let notes = try DatabaseWalk(index, index.meta)
            while try notes.next() != nil {}
        } catch {
            report.indexRecordCount = tally.count
            throw error.storeError(path: index.path)
        }
        report.indexRecordCount = tally.count
        if let state {
            for damage in tally.compare(with: state, file: index.path) { report.add(damage) }
        }
    }

    private mutating func note(
        _ item: IndexReader.Item,
        _ path: String,
        _ tally: inout IndexTally
    ) throws(IndexError) {
        do throws(StoreError) {
            let offset = IndexReader.fileOffset(of: item.value)
            guard BlindTopicKey.isWellFormed(item.key) else {
                let found = "\(item.key.count) bytes"
                tally.count += 1
                throw .damaged(
                    path,
                    at: IndexReader.fileOffset(of: item.key),
                    "blind key",
                    expected: "one",
                    found: found
                )
            }
            // A value that claims to go on behind the file's end ends its reader: the one without keys should be it.
            if let start = item.value.baseAddress, item.value.count > 0 { latch_touch(start + item.value.count - 1) }
            let record = try IndexRecord.checked(item.value, file: path)
            tally.add(record)
            if lastLSN > 0, record.version > lastLSN {
                throw .damaged(path, at: offset, "version", expected: "at most \(lastLSN)", found: "\(record.version)")
            }
            guard let envelopes else { return }
            let outcome = try envelopes.check(record, key: item.key, file: path, offset: offset)
            if case .damaged(let damage) = outcome { throw .damaged(damage) }
            let token = Overlay.token(of: item.key)
            if overlay.place(of: token, keyBytes: item.key.count) == nil { count(outcome) }
        } catch {
            switch error {
            case .damaged(let damage): report.add(damage)
            case .environment(let error): throw .environment(error)
            default:
                report.add(Damage(file: path, offset: 0, field: "record", expected: "a known one", found: "\(error)"))
            }
        }
    }
}
