/// One of the two pages that begin LMDB's file: which of its trees were in force after a transaction.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 16 | page header, flags 8 |
/// | 16 | 4 | magic `0xBEEFC0DE` |
/// | 20 | 4 | data version, 1 |
/// | 24 | 16 | address and size of the map |
/// | 40 | 48 | the database of free pages |
/// | 88 | 48 | the database of databases |
/// | 136 | 8 | last page in use |
/// | 144 | 8 | transaction |
struct IndexMeta {
    static let bytes = 152
    private static let magic: UInt32 = 0xBEEF_C0DE
    private static let metaFlag: UInt16 = 8

    var pageBytes: Int
    var freePages: IndexRoot
    var databases: IndexRoot
    var lastPage: UInt64
    var transaction: UInt64

    /// nil for what can not be a meta page.
    init?(_ page: UnsafeRawBufferPointer) {
        guard page.count >= Self.bytes, page.loadLittleEndian(at: 16, as: UInt32.self) == Self.magic,
            page.loadLittleEndian(at: 20, as: UInt32.self) == 1,
            page.loadLittleEndian(at: 10, as: UInt16.self) == Self.metaFlag
        else { return nil }
        pageBytes = Int(page.loadLittleEndian(at: 40, as: UInt32.self))
        guard (512...65_536).contains(pageBytes), pageBytes & (pageBytes - 1) == 0 else { return nil }
        freePages = IndexRoot(page, at: 40)
        databases = IndexRoot(page, at: 88)
        lastPage = page.loadLittleEndian(at: 136)
        transaction = page.loadLittleEndian(at: 144)
    }
}
