internal import CLMDB

/// Reads the index, one batch at a time: a transaction handle and a cursor that are renewed, never made anew.
///
/// Not for two threads at once. What it returns points into LMDB's map and is valid until `end`.
final class IndexReader {
    /// A key and its value.
    struct Item {
        var key: UnsafeRawBufferPointer
        var value: UnsafeRawBufferPointer
    }

    /// The file that damage is reported in.
    var path: String { index.path + "/" + IndexEnvironment.dataName }
    private var index: IndexEnvironment
    private var handle: IndexReaderHandle
    private var isActive = false
    private var transaction: OpaquePointer { handle.transaction }
    private var cursor: OpaquePointer { handle.cursor }

    init(_ index: IndexEnvironment) throws(IndexError) {
        (self.index, handle) = try index.makeHandle()
    }

    deinit {
        end()
        index.close(handle)
    }

    /// Begins to see the index as it is now, in the file that is the index now.
    ///
    /// - Throws: `closed` if it has been closed.
    func begin() throws(IndexError) {
        // A compaction has closed the handles of the file that it replaced.
        while !handle.activate() { (index, handle) = try index.makeHandle() }
        isActive = true
        do throws(IndexError) {
            try IndexError.check("mdb_txn_renew", mdb_txn_renew(transaction))
            try IndexError.check("mdb_cursor_renew", mdb_cursor_renew(transaction, cursor))
        } catch {
            end()
            throw error
        }
    }

    /// Lets go of what `begin` saw.
    func end() {
        guard isActive else { return }
        mdb_txn_reset(transaction)
        isActive = false
        handle.deactivate()
    }

    /// The value of a key.
    func value(of key: UnsafeRawBufferPointer) throws(IndexError) -> UnsafeRawBufferPointer? {
        var key = MDB_val(key)
        var value = MDB_val()
        let code = mdb_get(transaction, index.retained, &key, &value)
        if code == MDB_NOTFOUND { return nil }
        try IndexError.check("mdb_get", code)
        return value.bytes
    }

    /// The value of a key of `meta`.
    func meta(_ name: String) throws(IndexError) -> UnsafeRawBufferPointer? {
        var name = name
        var value = MDB_val()
        let code = name.withUTF8 { name in
            var key = MDB_val(UnsafeRawBufferPointer(name))
            return mdb_get(transaction, index.meta, &key, &value)
        }
        if code == MDB_NOTFOUND { return nil }
        try IndexError.check("mdb_get", code)
        return value.bytes
    }

    /// The first key not less than `target`, and its value.
    func seek(_ target: UnsafeRawBufferPointer) throws(IndexError) -> Item? {
        try move(MDB_SET_RANGE, MDB_val(target))
    }

    /// The key behind the last one returned, and its value.
    func next() throws(IndexError) -> Item? {
        try move(MDB_NEXT, MDB_val())
    }

    /// The first key of all, and its value.
    func first() throws(IndexError) -> Item? {
        try move(MDB_FIRST, MDB_val())
    }

    /// Where in the file something lies that a transaction returned.
    ///
    /// A page begins with its number (`mp_pgno`), also the first of those that a long value has for itself, and nothing
    /// else has its beginning on a later page.
    static func fileOffset(of bytes: UnsafeRawBufferPointer) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        let inPage = Int(bitPattern: base) & 4_095
        return Int(clamping: (base - inPage).load(as: UInt64.self)) &* 4_096 &+ inPage
    }

    private func move(
        _ operation: MDB_cursor_op,
        _ target: MDB_val
    ) throws(IndexError) -> Item? {
        var key = target
        var value = MDB_val()
        let code = mdb_cursor_get(cursor, &key, &value, operation)
        if code == MDB_NOTFOUND { return nil }
        try IndexError.check("mdb_cursor_get", code)
        return Item(key: key.bytes, value: value.bytes)
    }
}
