@testable import RetainedStore

/// The journal's reader: groups behind the header of a segment, their checksums put right, so that what is wrong with them is looked at
/// and not only noticed.
enum JournalFuzzing {
    private static let salt: UInt32 = 7

    static func read(_ bytes: UnsafeRawBufferPointer) {
        let count = SegmentHeader.blockBytes + bytes.count
        let file = MemoryFile(count: count)
        file.memory.baseAddress?.advanced(by: SegmentHeader.blockBytes).copyMemory(
            from: bytes.baseAddress ?? UnsafeRawPointer(file.memory.baseAddress!),
            byteCount: bytes.count
        )
        putChecksumsRight(file.memory)
        let header = SegmentHeader(
            setID: 1,
            timeline: 2,
            number: 3,
            firstLSN: 1,
            segmentBytes: UInt64(count),
            salt: salt,
            predecessorEnd: 0,
            predecessorMAC: 0
        )
        guard let walk = try? SegmentWalk.make(file, header: header, mac: 0, key: nil) else { return }
        guard let outcome = try? walk.run(to: nil) else { return }
        precondition(Int(outcome.end.offset) <= count, "a walk that ends behind the file")
    }

    private static func putChecksumsRight(_ memory: UnsafeMutableRawBufferPointer) {
        var offset = SegmentHeader.blockBytes
        while offset < memory.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: memory[offset...])
            guard let header = GroupHeader(UnsafeRawBufferPointer(rest), bytesMax: rest.count) else { return }
            let group = UnsafeMutableRawBufferPointer(rebasing: rest[..<Int(header.groupBytes)])
            GroupHeader.complete(group, mac: 0, salt: salt)
            offset += group.count
        }
    }
}
