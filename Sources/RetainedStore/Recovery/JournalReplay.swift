/// Reads a journal at opening: finds its segments, walks them, and hands on what the index does not have.
struct JournalReplay {
    /// What was found.
    struct Outcome {
        /// The segments that hold records the index does not have, and the last one in any case; opened and mapped.
        var segments: [Segment] = []
        /// Segments with nothing but what the index has, and spares: files to be recycled.
        var unused: [String] = []
        /// Where the history ends.
        var end = JournalEnd()
        var report = OpenReport()
    }

    let disk: any JournalDisk
    let directory: String
    let identity: JournalIdentity
    /// Every record up to it is in the index; nil: not known, so that everything is walked.
    let appliedLSN: UInt64?
    /// Whether there may be no journal at all: a backup has none.
    var isCopy = false

    /// Walks the journal from the first record that the index does not have.
    ///
    /// - Parameters:
    ///   - progress: Called after each segment.
    ///   - body: Receives each such record, its place and its file; the record is valid as long as its segment.
    func run(
        progress: (VerificationProgress) -> Void = { _ in },
        _ body: (JournalRecord, JournalPlace, String) throws(StoreError) -> Void
    ) throws(StoreError) -> Outcome {
        var outcome = Outcome()
        outcome.report.appliedLSN = appliedLSN ?? 0
        let names = try StoreError.whileReading { () throws(EnvironmentError) in try disk.names(in: directory) }
        outcome.unused = names.filter(SegmentName.isSpare).map { directory + "/" + $0 }
        let numbers = names.compactMap(SegmentName.number).sorted()
        let parts = try openParts(numbers, &outcome)
        outcome.report.segmentCount = parts.count
        let walks = SegmentWalks(walkItems(parts), key: identity.key)
        walks.start()
        defer { walks.stop() }
        for (index, part) in parts.enumerated() {
            try replay(part, try walks.outcome(of: index), &outcome, body)
            progress(
                VerificationProgress(part: .journal, doneCount: UInt64(index + 1), totalCount: UInt64(parts.count))
            )
        }
        if isCopy, parts.isEmpty { outcome.end.lastLSN = appliedLSN ?? 0 }
        outcome.report.lastLSN = outcome.end.lastLSN
        if let appliedLSN, outcome.end.lastLSN < appliedLSN {
            throw .damaged(
                directory,
                at: 0,
                "last LSN of the journal",
                expected: "at least \(appliedLSN), which the index has",
                found: "\(outcome.end.lastLSN)"
            )
        }
        return outcome
    }

    private struct Part {
        var file: any JournalFile
        var header: SegmentHeader
        var mac: UInt128
    }

    /// Opens the segments from the last backwards, until one begins with what the index has.
    private func openParts(_ numbers: [UInt64], _ outcome: inout Outcome) throws(StoreError) -> [Part] {
        var parts: [Part] = []
        var cipher: AESCMAC?
        if let key = identity.key { cipher = try StoreError.cipher(key) }
        for number in numbers.reversed() {
            let path = directory + "/" + SegmentName.segment(number)
            if let first = parts.first {
                if let appliedLSN, first.header.firstLSN <= appliedLSN + 1 {
                    outcome.unused.append(path)
                    continue
                }
                if number + 1 != first.header.number {
                    throw .damaged(directory, at: 0, "segment", expected: first.header.number - 1, found: number)
                }
            }
            parts.insert(try open(path, number: number, cipher: &cipher), at: 0)
        }
        if let first = parts.first, let appliedLSN, first.header.firstLSN > appliedLSN + 1 {
            throw .damaged(
                first.file.path,
                at: 56,
                "LSN of the first record",
                expected: "at most \(appliedLSN + 1)",
                found: "\(first.header.firstLSN)"
            )
        }
        return parts
    }

    private func open(_ path: String, number: UInt64, cipher: inout AESCMAC?) throws(StoreError) -> Part {
        let file = try StoreError.whileReading { () throws(EnvironmentError) in try disk.open(path, creating: false) }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: SegmentHeader.blockBytes, alignment: 4_096)
        defer { block.deallocate() }
        let count = try StoreError.whileReading { () throws(EnvironmentError) in try file.read(into: block, at: 0) }
        let (header, mac) = try SegmentHeader.decode(
            UnsafeRawBufferPointer(rebasing: block[..<count]),
            file: path,
            cipher: &cipher
        )
        if header.setID != identity.setID {
            let expected = identity.setID.hexadecimal
            throw .damaged(path, at: 16, "set id", expected: expected, found: header.setID.hexadecimal)
        }
        if header.timeline != identity.timeline {
            let expected = identity.timeline.hexadecimal
            throw .damaged(path, at: 32, "timeline", expected: expected, found: header.timeline.hexadecimal)
        }
        if header.number != number {
            throw .damaged(path, at: 48, "segment number", expected: number, found: header.number)
        }
        let bytes = try StoreError.whileReading { () throws(EnvironmentError) in try file.size() }
        if UInt64(bytes) != header.segmentBytes {
            throw .damaged(path, at: 64, "segment bytes", expected: header.segmentBytes, found: UInt64(bytes))
        }
        return Part(file: file, header: header, mac: mac)
    }

    private func walkItems(_ parts: [Part]) -> [SegmentWalks.Item] {
        parts.enumerated().map { index, part in
            let next = index + 1 < parts.count ? parts[index + 1].header : nil
            let statedEnd = next.map {
                SegmentWalk.StatedEnd(
                    offset: Int(clamping: $0.predecessorEnd),
                    mac: $0.predecessorMAC,
                    lastLSN: $0.firstLSN - 1
                )
            }
            return SegmentWalks.Item(file: part.file, header: part.header, mac: part.mac, statedEnd: statedEnd)
        }
    }

    /// Hands on the records of a segment that has been walked.
    private func replay(
        _ part: Part,
        _ found: SegmentWalk.Outcome,
        _ outcome: inout Outcome,
        _ body: (JournalRecord, JournalPlace, String) throws(StoreError) -> Void
    ) throws(StoreError) {
        let segment = try StoreError.whileReading { () throws(EnvironmentError) in
            try Segment(file: part.file, bytes: Int(part.header.segmentBytes))
        }
        segment.begin(number: part.header.number, firstLSN: part.header.firstLSN)
        outcome.segments.append(segment)
        outcome.end = found.end
        outcome.report.recordCount += found.recordCount
        outcome.report.tornBytes += found.tornBytes
        outcome.report.endsWithMark = found.endsWithMark
        var records = SegmentRecords(segment, end: Int(found.end.offset))
        let path = part.file.path
        while let (record, lsn, place) = records.next() {
            guard lsn > appliedLSN ?? 0 else { continue }
            outcome.report.replayedCount += 1
            try body(record, place, path)
        }
    }
}
