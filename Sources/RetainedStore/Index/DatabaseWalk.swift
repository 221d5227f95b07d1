internal import CLMDB

/// One pass over a database in the order of its keys.
final class DatabaseWalk {
    private let transaction: OpaquePointer
    private let cursor: OpaquePointer

    init(_ index: IndexEnvironment, _ database: MDB_dbi) throws(IndexError) {
        var transaction: OpaquePointer?
        let code = mdb_txn_begin(index.environment, nil, UInt32(MDB_RDONLY), &transaction)
        try IndexError.check("mdb_txn_begin", code)
        var cursor: OpaquePointer?
        let cursorCode = mdb_cursor_open(transaction, database, &cursor)
        guard cursorCode == MDB_SUCCESS, let transaction, let cursor else {
            mdb_txn_abort(transaction)
            throw IndexError("mdb_cursor_open", code: cursorCode)
        }
        self.transaction = transaction
        self.cursor = cursor
    }

    deinit {
        mdb_cursor_close(cursor)
        mdb_txn_abort(transaction)
    }

    /// The next key and its value, valid as long as the walk.
    func next() throws(IndexError) -> IndexReader.Item? {
        var key = MDB_val()
        var value = MDB_val()
        let code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)
        if code == MDB_NOTFOUND { return nil }
        try IndexError.check("mdb_cursor_get", code)
        return IndexReader.Item(key: key.bytes, value: value.bytes)
    }
}
