@testable import RetainedStore

/// The last segment of a store's journal as bytes, and where its groups are.
struct JournalImage {
    let path: String
    let bytes: [UInt8]
    /// Each whole group's place, marks included.
    let groups: [Range<Int>]
    let headers: [GroupHeader]

    init(path: String) {
        self.path = path
        bytes = FileBytes.read(path)
        var groups: [Range<Int>] = []
        var headers: [GroupHeader] = []
        bytes.withUnsafeBytes { bytes in
            let salt = bytes.loadLittleEndian(at: 72, as: UInt32.self)
            var offset = SegmentHeader.blockBytes
            while offset + GroupHeader.bytes <= bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
                guard let header = GroupHeader(rest, bytesMax: rest.count) else { return }
                let group = UnsafeRawBufferPointer(rebasing: rest[..<Int(header.groupBytes)])
                guard GroupHeader.checksum(of: group, salt: salt) == header.checksum else { return }
                groups.append(offset..<offset + group.count)
                headers.append(header)
                offset += group.count
            }
        }
        self.groups = groups
        self.headers = headers
    }

    func write(_ bytes: [UInt8]) {
        FileBytes.write(bytes, to: path)
    }
}
