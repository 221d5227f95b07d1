internal import Glibc

/// A journal file in memory, with zeros where the medium does not give what is there.
final class SegmentImage {
    private static let pieceBytes = 4_096

    let path: String
    let bytes: UnsafeRawBufferPointer
    /// Where pieces could not be read.
    let unreadableOffsets: [Int]

    init(path: String) throws(EnvironmentError) {
        self.path = path
        let file = PosixFile(path: path, descriptor: try PosixDisk.open(path, O_RDONLY | O_CLOEXEC))
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: (try file.size() + 7) & ~7,
            alignment: 4_096
        )
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        bytes = UnsafeRawBufferPointer(memory)
        var unreadable: [Int] = []
        var offset = 0
        do throws(EnvironmentError) {
            while offset < memory.count {
                let end = min(memory.count, offset + Self.pieceBytes)
                let piece = UnsafeMutableRawBufferPointer(rebasing: memory[offset..<end])
                do throws(EnvironmentError) {
                    _ = try file.read(into: piece, at: offset)
                } catch {
                    guard case .system(_, _, EIO) = error else { throw error }
                    piece.initializeMemory(as: UInt8.self, repeating: 0)
                    unreadable.append(offset)
                }
                offset = end
            }
        } catch {
            memory.deallocate()
            throw error
        }
        unreadableOffsets = unreadable
    }

    deinit {
        bytes.deallocate()
    }

    /// The group at an offset, if there is one that ends before `limit` and whose records fill it.
    func group(at offset: Int, limit: Int) -> (header: GroupHeader, bytes: UnsafeRawBufferPointer)? {
        guard offset + GroupHeader.bytes <= limit else { return nil }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[offset..<limit])
        guard let header = GroupHeader(rest, bytesMax: rest.count) else { return nil }
        let group = UnsafeRawBufferPointer(rebasing: rest[..<Int(header.groupBytes)])
        var end = GroupHeader.bytes
        for _ in 0..<header.recordCount {
            guard let count = try? JournalRecord.check(group, at: end, file: path, groupOffset: offset) else {
                return nil
            }
            end += count
        }
        return end == group.count ? (header, group) : nil
    }

    /// The next place, a multiple of 8 from `start` on, where a group may begin.
    func nextMagic(from start: Int, limit: Int) -> Int? {
        var offset = start
        while offset + GroupHeader.bytes <= limit {
            if bytes.loadLittleEndian(at: offset, as: UInt32.self) == GroupHeader.magic { return offset }
            offset += GroupHeader.alignment
        }
        return nil
    }

    /// The record at an offset, if what stands there can be one of a version within bounds.
    func record(at offset: Int, limit: Int, versions: Range<UInt64>) -> JournalRecord? {
        guard offset + JournalRecord.headerBytes <= limit, let base = bytes.baseAddress else { return nil }
        let record = JournalRecord(base: base + offset)
        // First what a random word is least likely to be.
        guard versions.contains(record.version), record.recordBytes <= limit - offset,
            record.recordBytes == JournalRecord.bytes(keyBytes: record.keyBytes, sealedBytes: record.sealedBytes)
        else { return nil }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[offset..<limit])
        return (try? JournalRecord.check(rest, at: 0, file: path, groupOffset: offset)) == nil ? nil : record
    }
}
