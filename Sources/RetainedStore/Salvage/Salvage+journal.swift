/// What a salvage takes from the journal.
extension Salvage {
    func readJournal(_ progress: (VerificationProgress) -> Void) throws(StoreError) {
        let outcome = try journalSalvage().run(progress: progress) { (gap) throws(StoreError) in
            try fill(gap)
        } record: { (record, lsn, path, offset) throws(StoreError) in
            if lsn >= replayedLSN { try take(record, path, offset) }
        }
        for damage in outcome.damage { report.add(damage) }
        report.segmentCount = outcome.segmentCount
        report.journalRecordCount = outcome.recordCount
        report.tornBytes = outcome.tornBytes
    }

    private func take(_ record: JournalRecord, _ path: String, _ offset: Int) throws(StoreError) {
        switch try envelopes.check(record, file: path, offset: offset) {
        case .current, .expired, .session:
            try index.apply(record, isShredded: false)
            if record.type == RecordType.clear.rawValue, !clears.isEmpty { noteClear(record) }
        case .shredded: try index.apply(record, isShredded: true)
        case .damaged(let damage): try reject(record, damage)
        }
    }

    private func noteClear(_ record: JournalRecord) {
        let key = Array(record.key)
        if clears[key] != nil { clears[key] = record.version }
    }

    /// - Parameter isInRegion: Whether it goes into quarantine with all that is around it.
    private func reject(_ record: JournalRecord, _ damage: Damage, isInRegion: Bool = false) throws(StoreError) {
        noteRecord(record, damage)
        if isInRegion { return }
        try StoreError.whileReading { () throws(EnvironmentError) in
            let bytes = UnsafeRawBufferPointer(start: record.base, count: record.recordBytes)
            try quarantine.add(.journalRecord, file: damage.file, offset: damage.offset, bytes)
        }
    }

    private func noteRecord(_ record: JournalRecord, _ damage: Damage) {
        report.journalQuarantinedCount += 1
        note(.journal, damage, key: record.key, version: record.version, dataKeyID: record.dataKeyID)
    }

    /// Looks for records in a part of the journal that no MAC vouches for.
    ///
    /// One that opens, and whose version is one of those that must have stood here, is kept: it is what somebody with the key
    /// published, and nothing that is vouched for is older and comes later (Salvage.md says what that leaves open). Where
    /// nothing vouches for the end, no version is known to belong here, and nothing is kept.
    private func fill(_ gap: JournalGap) throws(StoreError) {
        var found: Set<UInt64> = []
        var rejected: Set<UInt64> = []
        // What the index has, or has lost, is counted there.
        let first = max(gap.firstLSN, appliedLSN + 1)
        let end = gap.endLSN ?? max(gap.statedLSN + 1, first)
        let versions = first..<max(first, gap.endLSN ?? 1 << 62)
        for region in gap.regions {
            let image = try StoreError.whileReading { () throws(EnvironmentError) in try SegmentImage(path: region.path)
            }
            let limit = min(region.range.upperBound, image.bytes.count)
            var offset = (region.range.lowerBound + 7) & ~7
            while offset < limit {
                guard let record = image.record(at: offset, limit: limit, versions: versions) else {
                    offset += JournalRecord.alignment
                    continue
                }
                let outcome = try check(record, region.path, offset)
                if case .damaged(let damage) = outcome {
                    if rejected.insert(record.version).inserted {
                        try reject(record, damage, isInRegion: region.isEvidence)
                    }
                    offset += JournalRecord.alignment
                    continue
                }
                if gap.endLSN == nil {
                    let damage = Damage(
                        file: region.path,
                        offset: UInt64(offset),
                        field: "group",
                        expected: "one that its MAC vouches for",
                        found: "none"
                    )
                    if rejected.insert(record.version).inserted {
                        try reject(record, damage, isInRegion: region.isEvidence)
                    }
                } else if found.insert(record.version).inserted {
                    if case .shredded = outcome {
                        try index.apply(record, isShredded: true)
                    } else {
                        try index.apply(record, isShredded: false)
                        report.unboundCount += 1
                    }
                }
                offset += record.recordBytes
            }
            try quarantineRegion(region, image)
        }
        guard end > first else { return }
        let accounted = found.union(rejected).filter { $0 >= first && $0 < end }.count
        report.journalMissingCount += end - first - UInt64(accounted)
    }

    private func check(_ record: JournalRecord, _ path: String, _ offset: Int) throws(StoreError)
        -> EnvelopeCheck.Outcome
    {
        try envelopes.check(record, file: path, offset: offset)
    }

    private func quarantineRegion(_ region: JournalGap.Region, _ image: SegmentImage) throws(StoreError) {
        guard region.isEvidence else { return }
        let range = region.range.clamped(to: 0..<image.bytes.count)
        let bytes = UnsafeRawBufferPointer(rebasing: image.bytes[range])
        guard let last = bytes.lastIndex(where: { $0 != 0 }) else { return }
        try StoreError.whileReading { () throws(EnvironmentError) in
            try quarantine.add(
                .journalRegion,
                file: region.path,
                offset: UInt64(range.lowerBound),
                UnsafeRawBufferPointer(rebasing: bytes[...last])
            )
        }
    }
}
