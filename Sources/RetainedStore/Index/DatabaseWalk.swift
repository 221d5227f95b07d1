internal import CLMDB

/// One pass over a database in the order of its keys.
final class DatabaseWalk {
    /// Records in the database.
    let recordCount: UInt64
    private let transaction: OpaquePointer
    private let cursor: OpaquePointer

    init(_ environment: OpaquePointer, _ name: String) throws(IndexError) {
        var transaction: OpaquePointer?
        try IndexError.check("mdb_txn_begin", mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &transaction))
        guard let transaction else { throw .closed }
        var database: MDB_dbi = 0
        var cursor: OpaquePointer?
        var statistics = MDB_stat()
        do throws(IndexError) {
            try IndexError.check("mdb_dbi_open", mdb_dbi_open(transaction, name, 0, &database))
            try IndexError.check("mdb_stat", mdb_stat(transaction, database, &statistics))
            try IndexError.check("mdb_cursor_open", mdb_cursor_open(transaction, database, &cursor))
            guard let cursor else { throw .closed }
            self.cursor = cursor
        } catch {
            mdb_txn_abort(transaction)
            throw error
        }
        self.transaction = transaction
        recordCount = UInt64(statistics.ms_entries)
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
