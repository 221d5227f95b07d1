internal import CLMDB

/// Writes an index anew, every page filled before the next begins, and compares the two, a bounded number of records at a
/// time.
///
/// LMDB never gives space back: pages that a clear or a rewrite freed stay in the file for later ones, and pages that are
/// half empty stay so, which `mdb_env_copy2` would copy as they are. So every record is put anew, in the order of the keys.
///
/// The index may be changed between two slices, by the thread that calls them: what is changed before the place that the
/// copy has come to must be mirrored.
///
/// ### Invariants
/// - Between two calls the copy has exactly those records of the index that it covers.
final class IndexCopy {
    /// What a record counts besides its key and its value: the time that it takes.
    private static let recordOverhead = 256
    /// Bytes that are written before they are synced: what waits for the disk then is little, whoever waits.
    private static let unsyncedBytesMax = 8 << 20

    private let index: IndexEnvironment
    private let copy: IndexEnvironment
    private let sliceBytes: Int
    private let reader: IndexReader
    private let copyReader: IndexReader
    /// The first key that is not yet copied, or compared.
    private var position: [UInt8] = []
    private var unsyncedBytes = 0
    private(set) var progress: CompactionProgress

    /// - Parameters:
    ///   - index: What is copied.
    ///   - copy: An empty one, opened with ``IndexEnvironment/Access/copy``.
    init(of index: IndexEnvironment, to copy: IndexEnvironment, limits: StoreLimits) throws(IndexError) {
        self.index = index
        self.copy = copy
        sliceBytes = limits.compactionBytesMax
        reader = try IndexReader(index)
        copyReader = try IndexReader(copy)
        let total = UInt64(clamping: try index.statistics().recordCount)
        progress = CompactionProgress(part: .copying, doneCount: 0, totalCount: total)
    }

    /// Whether the copy has, or must not have, a record of this key.
    func covers(_ key: UnsafeRawBufferPointer) -> Bool {
        progress.part == .comparing || position.withUnsafeBytes { KeyOrder.compare(key, $0) < 0 }
    }

    /// Copies or compares the next records; returns whether everything has been copied and compared.
    func step() throws(IndexError) -> Bool {
        if unsyncedBytes >= Self.unsyncedBytesMax {
            try sync()
            return false
        }
        switch progress.part {
        case .copying:
            if try copyRecords() {
                position = []
                progress.part = .comparing
                progress.doneCount = 0
            }
            return false
        case .comparing: return try compareRecords()
        }
    }

    /// Returns when what the copy has is on the disk.
    func sync() throws(IndexError) {
        try copy.sync()
        unsyncedBytes = 0
    }

    /// Makes the copy have what the index has of these keys.
    func mirror(_ keys: borrowing KeyList) throws(IndexError) {
        try reader.begin()
        defer { reader.end() }
        try change { (transaction) throws(IndexError) in
            try keys.forEach { (key) throws(IndexError) in
                var keyValue = MDB_val(key)
                if let found = try reader.value(of: key) {
                    var value = MDB_val(found)
                    try IndexError.check("mdb_put", mdb_put(transaction, copy.retained, &keyValue, &value, 0))
                    unsyncedBytes += key.count + found.count
                } else {
                    let code = mdb_del(transaction, copy.retained, &keyValue, nil)
                    if code != MDB_NOTFOUND { try IndexError.check("mdb_del", code) }
                }
            }
        }
    }

    /// Copies and compares what the index says of itself, which every commit changes: the last thing to do.
    func finish() throws(IndexError) {
        try change { (transaction) throws(IndexError) in
            let walk = try DatabaseWalk(index, index.meta)
            while let item = try walk.next() {
                var key = MDB_val(item.key)
                var value = MDB_val(item.value)
                try IndexError.check("mdb_put", mdb_put(transaction, copy.meta, &key, &value, UInt32(MDB_APPEND)))
            }
        }
        let walk = try DatabaseWalk(index, index.meta)
        let copyWalk = try DatabaseWalk(copy, copy.meta)
        while try Self.compare(try walk.next(), try copyWalk.next()) {}
        try sync()
    }

    private func copyRecords() throws(IndexError) -> Bool {
        try reader.begin()
        defer { reader.end() }
        return try change { (transaction) throws(IndexError) in
            var item = try seek(reader)
            var count = 0
            var bytes = 0
            while let current = item {
                if bytes >= sliceBytes {
                    position = Array(current.key)
                    break
                }
                var key = MDB_val(current.key)
                var value = MDB_val(current.value)
                try IndexError.check("mdb_put", mdb_put(transaction, copy.retained, &key, &value, UInt32(MDB_APPEND)))
                count += 1
                bytes += Self.recordOverhead + current.key.count + current.value.count
                item = try reader.next()
            }
            unsyncedBytes += bytes
            advance(by: count)
            return item == nil
        }
    }

    /// What is to be thrown away is thrown away only once the other is known to be as good.
    private func compareRecords() throws(IndexError) -> Bool {
        try reader.begin()
        defer { reader.end() }
        try copyReader.begin()
        defer { copyReader.end() }
        var item = try seek(reader)
        var copied = try seek(copyReader)
        var count = 0
        var bytes = 0
        while try Self.compare(item, copied), let current = item {
            count += 1
            bytes += Self.recordOverhead + current.key.count + current.value.count
            item = try reader.next()
            copied = try copyReader.next()
            if let item, bytes >= sliceBytes {
                guard try Self.compare(item, copied) else { break }
                position = Array(item.key)
                advance(by: count)
                return false
            }
        }
        advance(by: count)
        return true
    }

    private func advance(by count: Int) {
        progress.doneCount += UInt64(count)
        // The index may have grown meanwhile.
        progress.totalCount = max(progress.totalCount, progress.doneCount)
    }

    /// Changes the copy in one transaction.
    private func change<Result>(_ body: (OpaquePointer) throws(IndexError) -> Result) throws(IndexError) -> Result {
        var begun: OpaquePointer?
        try IndexError.check("mdb_txn_begin", mdb_txn_begin(copy.environment, nil, 0, &begun))
        guard let transaction = begun else { throw .closed }
        let result: Result
        do throws(IndexError) {
            result = try body(transaction)
        } catch {
            mdb_txn_abort(transaction)
            throw error
        }
        try IndexError.check("mdb_txn_commit", mdb_txn_commit(transaction))
        return result
    }

    /// The item at the present position.
    private func seek(_ reader: IndexReader) throws(IndexError) -> IndexReader.Item? {
        if position.isEmpty { return try reader.first() }
        let key = position
        let span = key.span
        return try span.withUnsafeBytes { key throws(IndexError) in try reader.seek(key) }
    }

    /// Whether there are two items, which must be the same; false at the end of both.
    private static func compare(_ item: IndexReader.Item?, _ other: IndexReader.Item?) throws(IndexError) -> Bool {
        guard let item, let other else {
            if item == nil, other == nil { return false }
            throw .damaged(code: MDB_CORRUPTED)
        }
        guard areEqual(item.key, other.key), areEqual(item.value, other.value) else {
            throw .damaged(code: MDB_CORRUPTED)
        }
        return true
    }

    private static func areEqual(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        one.count == other.count && KeyOrder.compare(one, other) == 0
    }
}
