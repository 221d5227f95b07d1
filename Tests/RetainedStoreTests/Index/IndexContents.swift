import CLMDB
import Testing

@testable import RetainedStore

/// The records of a closed store's index, read and changed without the store.
enum IndexContents {
    struct Item {
        var key: [UInt8]
        var value: [UInt8]
    }

    static func read(_ fixture: StoreFixture) throws -> [Item] {
        let index = try IndexEnvironment(path: fixture.path() + "/index", limits: fixture.limits, access: .readOnly)
        let reader = try IndexReader(index)
        try reader.begin()
        defer { reader.end() }
        var items: [Item] = []
        var item = try reader.first()
        while let current = item {
            items.append(Item(key: Array(current.key), value: Array(current.value)))
            item = try reader.next()
        }
        return items
    }

    /// A transaction on `retained` that knows nothing of states and digests.
    struct Writer {
        let transaction: OpaquePointer?
        let database: MDB_dbi

        func put(_ item: Item) throws {
            try item.key.withUnsafeBytes { key in
                try item.value.withUnsafeBytes { value in
                    var key = MDB_val(key)
                    var value = MDB_val(value)
                    try #require(mdb_put(transaction, database, &key, &value, 0) == 0)
                }
            }
        }

        func deleteFirst() throws {
            var cursor: OpaquePointer?
            try #require(mdb_cursor_open(transaction, database, &cursor) == 0)
            defer { mdb_cursor_close(cursor) }
            var key = MDB_val()
            var value = MDB_val()
            try #require(mdb_cursor_get(cursor, &key, &value, MDB_FIRST) == 0)
            try #require(mdb_cursor_del(cursor, 0) == 0)
        }
    }

    static func change(_ fixture: StoreFixture, _ body: (Writer) throws -> Void) throws {
        let index = try IndexEnvironment(path: fixture.path() + "/index", limits: fixture.limits)
        var transaction: OpaquePointer?
        try #require(mdb_txn_begin(index.environment, nil, 0, &transaction) == 0)
        try body(Writer(transaction: transaction, database: index.retained))
        try #require(mdb_txn_commit(transaction) == 0)
    }
}
