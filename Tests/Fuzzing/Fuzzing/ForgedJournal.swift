@testable import RetainedStore

/// Makes segments of bytes that nobody wrote, and puts right in them what a writer computes.
struct ForgedJournal: ~Copyable {
    static let setID: SetID = 1
    static let timeline: Timeline = 2

    /// A header without its zeros; the last four bytes are its checksum.
    private static let headerBytes = 124
    private static let checksumOffset = 120

    private let choices: JournalFuzzing.Choices
    private var cipher: AESCMAC
    private var chain: MACChain
    private var number: UInt64 = 0
    /// Where the segment before ended.
    private var end = JournalEnd()

    init(cipher: consuming AESCMAC, chain: consuming MACChain, choices: JournalFuzzing.Choices) {
        self.choices = choices
        self.cipher = cipher
        self.chain = chain
    }

    /// The next segment.
    mutating func segment(_ bytes: UnsafeRawBufferPointer) -> MemoryFile {
        number += 1
        let headerBytes = min(bytes.count, Self.headerBytes)
        let groups = UnsafeRawBufferPointer(rebasing: bytes[headerBytes...])
        let file = MemoryFile(
            path: SegmentName.segment(number),
            count: SegmentHeader.blockBytes + (groups.count + GroupHeader.alignment - 1) & ~(GroupHeader.alignment - 1)
        )
        let block = UnsafeMutableRawBufferPointer(rebasing: file.bytes[..<SegmentHeader.blockBytes])
        block.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<headerBytes]))
        UnsafeMutableRawBufferPointer(rebasing: file.bytes[block.count...]).copyMemory(from: groups)
        if choices.contains(.headersAsTheyAre) {
            let checksum = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: block[..<Self.checksumOffset]))
            block.storeLittleEndian(checksum, at: Self.checksumOffset)
        } else {
            putRight(block, segmentBytes: file.bytes.count)
        }
        if !choices.contains(.groupsAsTheyAre) { putGroupsRight(file.bytes) }
        return file
    }

    private mutating func putRight(_ block: UnsafeMutableRawBufferPointer, segmentBytes: Int) {
        let given = UnsafeRawBufferPointer(block)
        var header = SegmentHeader(
            setID: Self.setID,
            timeline: Self.timeline,
            number: number,
            firstLSN: given.loadLittleEndian(at: 56),
            segmentBytes: UInt64(segmentBytes),
            salt: given.loadLittleEndian(at: 72),
            predecessorEnd: given.loadLittleEndian(at: 80),
            predecessorMAC: given.loadLittleEndian(at: 88)
        )
        if number > 1, !choices.contains(.statedEndAsItIs) {
            header.firstLSN = end.lastLSN &+ 1
            header.predecessorEnd = end.offset
            header.predecessorMAC = end.mac
        }
        block.initializeMemory(as: UInt8.self, repeating: 0)
        chain.last = header.encode(into: block, cipher: &cipher)
        end = JournalEnd(segmentNumber: number, offset: 0, mac: chain.last, lastLSN: header.firstLSN &- 1)
    }

    private mutating func putGroupsRight(_ file: UnsafeMutableRawBufferPointer) {
        let salt = UnsafeRawBufferPointer(file).loadLittleEndian(at: 72, as: UInt32.self)
        var offset = SegmentHeader.blockBytes
        while offset < file.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: file[offset...])
            guard let header = GroupHeader(UnsafeRawBufferPointer(rest), bytesMax: rest.count) else { break }
            let group = UnsafeMutableRawBufferPointer(rebasing: rest[..<Int(header.groupBytes)])
            if hasWholeRecords(UnsafeRawBufferPointer(group), header) {
                chain.last = chain.mac(of: UnsafeRawBufferPointer(group), recordCount: Int(header.recordCount))
            }
            GroupHeader.complete(group, mac: chain.last, salt: salt)
            offset += group.count
            end.lastLSN &+= UInt64(header.recordCount)
        }
        end.offset = UInt64(offset)
        end.mac = chain.last
    }

    private func hasWholeRecords(_ group: UnsafeRawBufferPointer, _ header: GroupHeader) -> Bool {
        var end = GroupHeader.bytes
        for _ in 0..<header.recordCount {
            guard let count = try? JournalRecord.check(group, at: end, file: "", groupOffset: 0) else { return false }
            end += count
        }
        return end == group.count
    }
}
