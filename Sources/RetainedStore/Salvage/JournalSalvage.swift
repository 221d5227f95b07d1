/// Reads a damaged journal: brings each record whose place in the history a MAC vouches for, and says what lies between.
///
/// What is trusted, and why, stands in Salvage.md. In short: a chain of MACs begins at each segment's header; behind
/// damage it goes on with the first group that fits the MAC which stands in the group before it, since nobody without
/// the key can make two that fit.
struct JournalSalvage: ~Copyable {
    /// What was found.
    struct Outcome {
        var segmentCount = 0
        var recordCount: UInt64 = 0
        /// Bytes behind the last group that were never said to be durable.
        var tornBytes: UInt64 = 0
        /// The last LSN that anything authentic states.
        var lastLSN: UInt64 = 0
        var damage: [Damage] = []
    }

    private struct File {
        var path: String
        var number: UInt64
        var header: SegmentHeader?
        var mac: UInt128 = 0
    }

    private let directory: String
    private let identity: JournalIdentity
    private var chain: MACChain
    private var outcome = Outcome()
    /// The LSN of the record that comes next; nil: not known.
    private var expectedLSN: UInt64?
    private var gap: JournalGap?
    /// From where on the index does not have everything.
    private let startLSN: UInt64

    init(directory: String, identity: JournalIdentity, appliedLSN: UInt64) throws(StoreError) {
        self.directory = directory
        self.identity = identity
        startLSN = appliedLSN + 1
        guard let key = identity.key else { preconditionFailure("a journal is salvaged with its key") }
        do throws(EnvironmentError) {
            chain = try MACChain(key: key)
        } catch {
            throw .environment(error)
        }
    }

    /// Reads everything.
    ///
    /// - Parameters:
    ///   - progress: Called after each segment.
    ///   - gap: Receives each gap, in its place between the records.
    ///   - record: Receives each record, its LSN, the file and the offset in it; valid within the call only.
    consuming func run(
        progress: (VerificationProgress) -> Void,
        gap: (JournalGap) throws(StoreError) -> Void,
        record: (JournalRecord, UInt64, String, Int) throws(StoreError) -> Void
    ) throws(StoreError) -> Outcome {
        let files = try findFiles()
        outcome.segmentCount = files.count
        for (index, file) in files.enumerated() {
            let image = try StoreError.whileReading { () throws(EnvironmentError) in try SegmentImage(path: file.path) }
            for offset in image.unreadableOffsets {
                note(file.path, offset, "bytes", expected: "readable", found: "an error of the medium")
            }
            try enter(file, image, gap)
            let next = index + 1 < files.count ? files[index + 1] : nil
            try walk(file, image, next, gap, record)
            progress(
                VerificationProgress(part: .journal, doneCount: UInt64(index + 1), totalCount: UInt64(files.count))
            )
        }
        if let open = self.gap { try gap(open) }
        outcome.lastLSN = max(outcome.lastLSN, (expectedLSN ?? 1) - 1)
        return outcome
    }

    private mutating func note(_ path: String, _ offset: Int, _ field: String, expected: String, found: String) {
        outcome.damage.append(
            Damage(file: path, offset: UInt64(offset), field: field, expected: expected, found: found)
        )
    }

    // MARK: - Segments

    /// The segments of this history in its order, those without an authentic header under the number of their names.
    private mutating func findFiles() throws(StoreError) -> [File] {
        let directory = directory
        let names = try StoreError.whileReading { () throws(EnvironmentError) in try PosixDisk().names(in: directory) }
        var files: [File] = []
        for number in names.compactMap(SegmentName.number).sorted() {
            let path = directory + "/" + SegmentName.segment(number)
            if let file = try readFile(path, number: number) { files.append(file) }
        }
        files.sort { $0.number < $1.number }
        // Of two files that state one number, the one whose name says the same.
        files = files.indices.filter { index in
            let twins = files.filter { $0.number == files[index].number }
            return twins.count == 1 || files[index].path.hasSuffix(SegmentName.segment(files[index].number))
        }.map { files[$0] }
        // Where the index has lost what it was complete to, what came before may still be in files that were given up
        // and not used again.
        let spares = names.filter(SegmentName.isSpare).compactMap { try? authenticFile(directory + "/" + $0) }
        while let first = files.first?.header, first.firstLSN > startLSN,
            let before = spares.first(where: { $0.number + 1 == first.number })
        {
            files.insert(before, at: 0)
        }
        return files
    }

    /// A segment; nil if it is another history's. Without an authentic header it counts by its name.
    private mutating func readFile(_ path: String, number: UInt64) throws(StoreError) -> File? {
        do throws(StoreError) {
            let file = try authenticFile(path)
            if file.number != number {
                note(path, 48, "segment number", expected: "\(number)", found: "\(file.number)")
            }
            return file
        } catch {
            switch error {
            case .damaged(let damage):
                outcome.damage.append(damage)
                if damage.field == Self.foreign { return nil }
            case .unsupported(let file, let what): note(file, 0, "header", expected: "a known one", found: what)
            default: throw error
            }
            return File(path: path, number: number)
        }
    }

    private static let foreign = "set id and timeline"

    private func authenticFile(_ path: String) throws(StoreError) -> File {
        let (header, mac) = try readHeader(path)
        if header.setID != identity.setID || header.timeline != identity.timeline {
            throw .damaged(path, at: 16, Self.foreign, expected: "this store's", found: "another's")
        }
        return File(path: path, number: header.number, header: header, mac: mac)
    }

    private func readHeader(_ path: String) throws(StoreError) -> (SegmentHeader, UInt128) {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: SegmentHeader.blockBytes, alignment: 4_096)
        defer { block.deallocate() }
        let count = try StoreError.whileReading { () throws(EnvironmentError) in
            let file = try PosixDisk().openFile(path, creating: false)
            // A medium that fails here is a damaged header.
            return (try? file.read(into: block, at: 0)) ?? 0
        }
        guard let key = identity.key else { preconditionFailure("a journal is salvaged with its key") }
        var cipher: AESCMAC? = try StoreError.cipher(key)
        return try SegmentHeader.decode(
            UnsafeRawBufferPointer(rebasing: block[..<count]),
            file: path,
            cipher: &cipher
        )
    }

    /// Goes on to a segment: its header, if it is authentic, says where the history is.
    private mutating func enter(
        _ file: File,
        _ image: SegmentImage,
        _ emit: (JournalGap) throws(StoreError) -> Void
    ) throws(StoreError) {
        guard let header = file.header else {
            widenGap(JournalGap.Region(path: file.path, range: 0..<min(SegmentHeader.blockBytes, image.bytes.count)))
            return
        }
        if UInt64(image.bytes.count) < header.segmentBytes {
            note(file.path, 64, "segment bytes", expected: "\(header.segmentBytes)", found: "\(image.bytes.count)")
        }
        if gap == nil, header.firstLSN > expectedLSN ?? startLSN {
            // Segments are gone.
            gap = JournalGap(firstLSN: expectedLSN ?? startLSN)
            note(
                directory,
                0,
                "records",
                expected: "LSN \(expectedLSN ?? startLSN)",
                found: "none before LSN \(header.firstLSN), where segment \(header.number) begins"
            )
        }
        try closeGap(at: header.firstLSN, emit)
        expectedLSN = header.firstLSN
        outcome.lastLSN = max(outcome.lastLSN, header.firstLSN - 1)
    }

    private mutating func widenGap(_ region: JournalGap.Region, isEvidence: Bool = true) {
        if gap == nil { gap = JournalGap(firstLSN: expectedLSN ?? startLSN) }
        guard !region.range.isEmpty else { return }
        var region = region
        region.isEvidence = isEvidence
        gap?.regions.append(region)
    }

    /// Ends the gap, if there is one, at a record that is vouched for.
    private mutating func closeGap(
        at lsn: UInt64,
        _ emit: (JournalGap) throws(StoreError) -> Void
    ) throws(StoreError) {
        guard var open = gap else { return }
        gap = nil
        open.endLSN = max(lsn, open.firstLSN)
        try emit(open)
    }

    // MARK: - Groups

    private mutating func walk(
        _ file: File,
        _ image: SegmentImage,
        _ next: File?,
        _ emit: (JournalGap) throws(StoreError) -> Void,
        _ body: (JournalRecord, UInt64, String, Int) throws(StoreError) -> Void
    ) throws(StoreError) {
        var limit = image.bytes.count
        let isBounded = next?.header != nil && next?.number == file.number + 1
        if isBounded, let end = next?.header?.predecessorEnd { limit = min(limit, Int(clamping: end)) }
        var offset = SegmentHeader.blockBytes
        // nil: what the next group's MAC is chained to is not known.
        var mac = file.header == nil ? nil : Optional(file.mac)
        while offset < limit {
            if let known = mac, let group = image.group(at: offset, limit: limit), fits(group.header),
                authentic(group.bytes, group.header, after: known)
            {
                try closeGap(at: group.header.firstLSN, emit)
                try pass(group, at: offset, image, body)
                offset += group.bytes.count
                mac = group.header.mac
            } else if let restart = findRestart(image, from: offset, limit: limit, after: mac) {
                noteGroup(image, offset)
                widenGap(JournalGap.Region(path: file.path, range: offset..<restart.offset))
                offset = restart.offset
                mac = restart.mac
                // The next round takes it, at the LSN that it states.
                expectedLSN = restart.firstLSN
            } else {
                return leave(image, from: offset, limit: limit, isBounded: isBounded, isLast: next == nil)
            }
        }
    }

    /// Whether a group can come next: old groups of a recycled segment have smaller LSNs.
    private func fits(_ header: GroupHeader) -> Bool {
        guard let expectedLSN else { return header.firstLSN > 0 }
        return header.firstLSN == expectedLSN
    }

    private mutating func authentic(_ group: UnsafeRawBufferPointer, _ header: GroupHeader, after mac: UInt128) -> Bool
    {
        chain.last = mac
        return chain.mac(of: group, recordCount: Int(header.recordCount)) == header.mac
    }

    private mutating func pass(
        _ group: (header: GroupHeader, bytes: UnsafeRawBufferPointer),
        at offset: Int,
        _ image: SegmentImage,
        _ body: (JournalRecord, UInt64, String, Int) throws(StoreError) -> Void
    ) throws(StoreError) {
        guard let base = group.bytes.baseAddress else { return }
        var place = GroupHeader.bytes
        for index in 0..<UInt64(group.header.recordCount) {
            let record = JournalRecord(base: base + place)
            try body(record, group.header.firstLSN + index, image.path, offset + place)
            place += record.recordBytes
        }
        outcome.recordCount += UInt64(group.header.recordCount)
        expectedLSN = group.header.firstLSN + UInt64(group.header.recordCount)
    }

    private mutating func noteGroup(_ image: SegmentImage, _ offset: Int) {
        let expected = expectedLSN.map { "LSN \($0)" } ?? "one behind an authentic header"
        note(image.path, offset, "group", expected: expected, found: "none that its MAC vouches for")
    }

    /// The first group behind damage that is chained to the MAC of the group before it, be that as it stands there or as
    /// it should.
    private mutating func findRestart(
        _ image: SegmentImage,
        from start: Int,
        limit: Int,
        after mac: UInt128?
    ) -> (offset: Int, mac: UInt128, firstLSN: UInt64)? {
        var candidates: [UInt128] = []
        let rest = UnsafeRawBufferPointer(rebasing: image.bytes[start..<limit])
        if let header = GroupHeader(rest, bytesMax: rest.count) { candidates.append(header.mac) }
        if let mac, let group = image.group(at: start, limit: limit) {
            chain.last = mac
            candidates.append(chain.mac(of: group.bytes, recordCount: Int(group.header.recordCount)))
        }
        var previous: (end: Int, mac: UInt128)?
        var scan = mac == nil ? start : start + GroupHeader.alignment
        while let offset = image.nextMagic(from: scan, limit: limit) {
            scan = offset + GroupHeader.alignment
            guard let group = image.group(at: offset, limit: limit), group.header.firstLSN >= expectedLSN ?? 1 else {
                continue
            }
            var before = candidates
            if let previous, previous.end == offset { before.append(previous.mac) }
            for mac in before where authentic(group.bytes, group.header, after: mac) {
                return (offset, mac, group.header.firstLSN)
            }
            scan = offset + group.bytes.count
            previous = (scan, group.header.mac)
        }
        return nil
    }

    /// Ends a segment in which no further group is vouched for.
    private mutating func leave(_ image: SegmentImage, from start: Int, limit: Int, isBounded: Bool, isLast: Bool) {
        let region = JournalGap.Region(path: image.path, range: start..<limit)
        if isBounded {
            noteGroup(image, start)
            return widenGap(region)
        }
        let (stated, end) = statement(image, from: start, limit: limit)
        guard stated > 0 || !isLast || gap != nil else {
            // Nothing says that it was durable: a torn tail.
            let rest = UnsafeRawBufferPointer(rebasing: image.bytes[start..<limit])
            if let header = GroupHeader(rest, bytesMax: rest.count), fits(header) {
                outcome.tornBytes += UInt64(header.groupBytes)
            }
            // Whole messages may stand there all the same: they are not kept, and not left unsaid.
            return widenGap(region, isEvidence: false)
        }
        if stated > 0 { noteGroup(image, start) }
        // Where nothing is stated there may be whole messages, but mostly there is what was there before.
        widenGap(stated > 0 ? JournalGap.Region(path: image.path, range: start..<end) : region, isEvidence: stated > 0)
        let before = gap?.statedLSN ?? 0
        gap?.statedLSN = max(before, stated)
        outcome.lastLSN = max(outcome.lastLSN, stated)
    }

    /// What groups that nobody vouches for say: the last LSN that was durable or that they hold, and where they end.
    private func statement(_ image: SegmentImage, from start: Int, limit: Int) -> (lsn: UInt64, end: Int) {
        var last: UInt64 = 0
        var end = start
        var scan = start
        while let offset = image.nextMagic(from: scan, limit: limit) {
            scan = offset + GroupHeader.alignment
            guard let group = image.group(at: offset, limit: limit), group.header.firstLSN >= expectedLSN ?? startLSN,
                group.header.firstLSN < Self.lsnMax
            else { continue }
            scan = offset + group.bytes.count
            end = scan
            // One that stands where the history goes on may have been torn; a later one says that it had been durable.
            if offset > start, group.header.durableLSN >= expectedLSN ?? startLSN {
                last = max(last, group.header.firstLSN + UInt64(group.header.recordCount) - 1, group.header.durableLSN)
            }
        }
        return (last, end)
    }

    /// Beyond it no store comes: what states more is no statement.
    private static let lsnMax: UInt64 = 1 << 62
}
