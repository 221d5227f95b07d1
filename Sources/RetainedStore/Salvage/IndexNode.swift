/// A node of a page of LMDB's file: a key with its value, or with the page where its values are.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 4 | leaf: length of the value; branch: page number, bits 0…31 |
/// | 4 | 2 | leaf: flags (1: the value has pages of its own, whose number stands here; 2: a database); branch: page number, bits 32…47 |
/// | 6 | 2 | key bytes |
/// | 8 | … | key ‖ value |
struct IndexNode {
    static let headerBytes = 8
    static let bigFlag: UInt16 = 1
    static let databaseFlag: UInt16 = 2

    /// Where in the page it stands.
    let offset: Int
    /// All of it.
    let bytes: UnsafeRawBufferPointer
    let key: UnsafeRawBufferPointer
    /// The value of a leaf's node, or the number of its first page.
    let data: UnsafeRawBufferPointer
    /// The length of a leaf's value.
    let valueBytes: Int
    /// Of a leaf's node.
    let flags: UInt16

    /// nil if the node does not lie within its page.
    init?(_ page: IndexPage, at offset: Int) {
        guard offset >= IndexPage.headerBytes, offset + Self.headerBytes <= page.bytes.count else { return nil }
        let isLeaf = page.kind != .branch
        flags = page.bytes.loadLittleEndian(at: offset + 4)
        let keyBytes = Int(page.bytes.loadLittleEndian(at: offset + 6, as: UInt16.self))
        valueBytes = isLeaf ? Int(page.bytes.loadLittleEndian(at: offset, as: UInt32.self)) : 0
        let dataBytes = isLeaf && flags & Self.bigFlag != 0 ? 8 : valueBytes
        let keyEnd = offset + Self.headerBytes + keyBytes
        guard keyEnd + dataBytes <= page.bytes.count else { return nil }
        self.offset = offset
        bytes = UnsafeRawBufferPointer(rebasing: page.bytes[offset..<keyEnd + dataBytes])
        key = UnsafeRawBufferPointer(rebasing: page.bytes[offset + Self.headerBytes..<keyEnd])
        data = UnsafeRawBufferPointer(rebasing: page.bytes[keyEnd..<keyEnd + dataBytes])
    }

    /// The page below a branch's node.
    var child: UInt64 {
        UInt64(bytes.loadLittleEndian(at: 0, as: UInt32.self)) | UInt64(flags) << 32
    }

    /// The first of the pages that the value has for itself; nil: it stands in the node.
    var overflowPage: UInt64? { flags & Self.bigFlag == 0 ? nil : data.loadLittleEndian(at: 0) }

    /// The database that the value describes.
    var database: IndexRoot? {
        flags & Self.databaseFlag != 0 && data.count >= IndexRoot.bytes ? IndexRoot(data, at: 0) : nil
    }
}
