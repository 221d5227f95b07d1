/// Goes through the groups of one segment and says of the first that is not whole whether it is damage or a torn tail.
///
/// CrashModel.md, "Corruption and torn tails told apart", argues the rules that stand here.
struct SegmentWalk: ~Copyable {
    /// Where the history in a segment ends, as the next segment's header states it.
    struct StatedEnd: Equatable {
        var offset: Int
        var mac: UInt128
        var lastLSN: UInt64
    }

    /// What a walk found.
    struct Outcome {
        var end: JournalEnd
        var recordCount: UInt64 = 0
        var groupCount: UInt64 = 0
        /// Bytes of groups that are dropped.
        var tornBytes: UInt64 = 0
        /// Whether the last group is a mark, which states that everything before it is on the disk.
        var endsWithMark = false
    }

    private let reader: SegmentReader
    private let header: SegmentHeader
    private let path: String
    /// nil without a key: then structure and checksums are all that can be checked.
    private var chain: MACChain?
    private var outcome: Outcome

    /// - Parameter headerMAC: Where the chain begins.
    init(
        reader: SegmentReader,
        header: SegmentHeader,
        headerMAC: UInt128,
        key: SecretBytes?
    ) throws(EnvironmentError) {
        self.reader = reader
        self.header = header
        path = reader.file.path
        outcome = Outcome(
            end: JournalEnd(
                segmentNumber: header.number,
                offset: UInt64(SegmentHeader.blockBytes),
                mac: headerMAC,
                lastLSN: header.firstLSN - 1
            )
        )
        chain = nil
        if let key {
            chain = try MACChain(key: key)
            chain?.last = headerMAC
        }
    }

    /// Walks to the end.
    ///
    /// - Parameter statedEnd: What the next segment says; nil in the last one, the only one that may have a torn tail.
    consuming func run(to statedEnd: StatedEnd?) throws(StoreError) -> Outcome {
        let limit = min(statedEnd?.offset ?? reader.bytes, reader.bytes)
        var offset = SegmentHeader.blockBytes
        while offset < limit {
            let expectedLSN = outcome.end.lastLSN + 1
            guard let group = try wholeGroup(at: offset, limit: limit) else {
                if let statedEnd {
                    throw .damaged(
                        path,
                        at: offset,
                        "group",
                        expected: "LSN \(expectedLSN), as the next segment goes on behind LSN \(statedEnd.lastLSN)",
                        found: "no whole group"
                    )
                }
                outcome.tornBytes = try tornBytes(from: offset, expectedLSN: expectedLSN)
                break
            }
            let groupHeader = try check(group, at: offset, expectedLSN: expectedLSN)
            offset += group.count
            outcome.groupCount += 1
            outcome.recordCount += UInt64(groupHeader.recordCount)
            outcome.endsWithMark = groupHeader.recordCount == 0
            outcome.end.offset = UInt64(offset)
            outcome.end.mac = groupHeader.mac
            outcome.end.lastLSN += UInt64(groupHeader.recordCount)
        }
        if let statedEnd { try check(statedEnd) }
        return outcome
    }

    /// The bytes of a group whose checksum fits; nil if there is none here.
    private func wholeGroup(at offset: Int, limit: Int) throws(StoreError) -> UnsafeRawBufferPointer? {
        let bytes = try read(at: offset, count: GroupHeader.bytes)
        guard let header = GroupHeader(bytes, bytesMax: limit - offset) else { return nil }
        let group = try read(at: offset, count: Int(header.groupBytes))
        guard group.count == Int(header.groupBytes) else { return nil }
        return GroupHeader.checksum(of: group, salt: self.header.salt) == header.checksum ? group : nil
    }

    /// Checks what a good checksum does not: LSNs, records and the MAC. With a checksum that fits, a wrong one is no
    /// accident.
    private mutating func check(
        _ group: UnsafeRawBufferPointer,
        at offset: Int,
        expectedLSN: UInt64
    ) throws(StoreError) -> GroupHeader {
        guard let header = GroupHeader(group, bytesMax: group.count) else {
            preconditionFailure("a whole group has a header")
        }
        if header.firstLSN != expectedLSN {
            throw .damaged(
                path,
                at: offset + 8,
                "LSN of the first record",
                expected: expectedLSN,
                found: header.firstLSN
            )
        }
        if header.durableLSN >= expectedLSN {
            throw .damaged(
                path,
                at: offset + 16,
                "durable LSN",
                expected: "less than \(expectedLSN)",
                found: "\(header.durableLSN)"
            )
        }
        var end = GroupHeader.bytes
        for _ in 0..<header.recordCount {
            end += try JournalRecord.check(group, at: end, file: path, groupOffset: offset)
        }
        if end != group.count {
            throw .damaged(path, at: offset + 28, "group bytes", expected: end, found: group.count)
        }
        if chain != nil {
            let mac = chain?.mac(of: group, recordCount: Int(header.recordCount)) ?? 0
            if mac != header.mac {
                throw .damaged(
                    path,
                    at: offset + 32,
                    "MAC of the group",
                    expected: mac.hexadecimal,
                    found: header.mac.hexadecimal
                )
            }
        }
        chain?.last = header.mac
        return header
    }

    private func check(_ statedEnd: StatedEnd) throws(StoreError) {
        let end = outcome.end
        if Int(end.offset) != statedEnd.offset {
            throw .damaged(path, at: Int(end.offset), "end", expected: statedEnd.offset, found: Int(end.offset))
        }
        if end.lastLSN != statedEnd.lastLSN {
            throw .damaged(path, at: Int(end.offset), "last LSN", expected: statedEnd.lastLSN, found: end.lastLSN)
        }
        if end.mac != statedEnd.mac {
            throw .damaged(
                path,
                at: Int(end.offset),
                "last MAC",
                expected: statedEnd.mac.hexadecimal,
                found: end.mac.hexadecimal
            )
        }
    }

    /// How many bytes behind a place were being written when the process or the power went.
    ///
    /// - Throws: `damaged` if a later group of this segment states that what is missing here was on the disk.
    private func tornBytes(from start: Int, expectedLSN: UInt64) throws(StoreError) -> UInt64 {
        var end = start
        let first = try read(at: start, count: GroupHeader.bytes)
        if let header = GroupHeader(first, bytesMax: reader.bytes - start), header.firstLSN == expectedLSN {
            end = start + Int(header.groupBytes)
        }
        var next = start + GroupHeader.alignment
        while let offset = try nextMagic(from: next) {
            next = offset + GroupHeader.alignment
            let bytes = try read(at: offset, count: GroupHeader.bytes)
            // Old groups of a recycled segment have smaller LSNs: they are passed over without computing a checksum.
            guard let header = GroupHeader(bytes, bytesMax: reader.bytes - offset), header.firstLSN >= expectedLSN,
                let group = try wholeGroup(at: offset, limit: reader.bytes)
            else { continue }
            if header.durableLSN >= expectedLSN {
                throw .damaged(
                    path,
                    at: start,
                    "group",
                    expected: "LSN \(expectedLSN), which a group at \(offset) says was on the disk",
                    found: "no whole group"
                )
            }
            next = offset + group.count
            end = max(end, next)
        }
        return UInt64(end - start)
    }

    private func nextMagic(from offset: Int) throws(StoreError) -> Int? {
        try StoreError.whileReading { () throws(EnvironmentError) in
            try reader.firstOffset(of: GroupHeader.magic, from: offset)
        }
    }

    private func read(at offset: Int, count: Int) throws(StoreError) -> UnsafeRawBufferPointer {
        try StoreError.whileReading { () throws(EnvironmentError) in try reader.read(at: offset, count: count) }
    }
}

extension SegmentWalk {
    /// A walk through an open file.
    static func make(
        _ file: any JournalFile,
        header: SegmentHeader,
        mac: UInt128,
        key: SecretBytes?
    ) throws(StoreError) -> SegmentWalk {
        do throws(EnvironmentError) {
            return try SegmentWalk(reader: try SegmentReader(file: file), header: header, headerMAC: mac, key: key)
        } catch {
            throw .environment(error)
        }
    }
}
