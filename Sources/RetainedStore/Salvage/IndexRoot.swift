/// Where a database of LMDB's begins (`MDB_db` of `mdb.c`).
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 4 | page bytes, in the first database of a meta page |
/// | 4 | 2 | flags |
/// | 6 | 2 | depth |
/// | 8 | 24 | number of branch, leaf and overflow pages |
/// | 32 | 8 | number of records |
/// | 40 | 8 | root page; all ones: the database is empty |
struct IndexRoot: Equatable {
    static let bytes = 48
    /// LMDB's own limit (`CURSOR_STACK`).
    static let depthMax = 32

    /// What LMDB calls the persistent flags of a database.
    var flags: UInt16
    var depth: Int
    /// Pages of each kind.
    var branchCount: UInt64
    var leafCount: UInt64
    var overflowCount: UInt64
    var recordCount: UInt64
    /// nil for an empty database.
    var page: UInt64?

    init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        flags = bytes.loadLittleEndian(at: offset + 4)
        depth = Int(bytes.loadLittleEndian(at: offset + 6, as: UInt16.self))
        branchCount = bytes.loadLittleEndian(at: offset + 8)
        leafCount = bytes.loadLittleEndian(at: offset + 16)
        overflowCount = bytes.loadLittleEndian(at: offset + 24)
        recordCount = bytes.loadLittleEndian(at: offset + 32)
        let page = bytes.loadLittleEndian(at: offset + 40, as: UInt64.self)
        self.page = page == .max ? nil : page
    }
}
