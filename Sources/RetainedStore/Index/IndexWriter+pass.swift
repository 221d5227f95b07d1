internal import CLMDB

/// What a pass over the index does to the records that are there.
extension IndexWriter {
    /// The first key not less than `target`, and its value; valid until the next change.
    func seek(_ target: UnsafeRawBufferPointer) throws(IndexError) -> IndexReader.Item? {
        try target.isEmpty ? move(MDB_FIRST, MDB_val()) : move(MDB_SET_RANGE, MDB_val(target))
    }

    /// The key behind the last one returned, and its value, also when that one has been removed.
    func next() throws(IndexError) -> IndexReader.Item? {
        try move(MDB_NEXT, MDB_val())
    }

    /// Removes the record that was returned last.
    func remove(_ record: IndexRecord) throws(IndexError) {
        countOut(record)
        try IndexError.check("mdb_cursor_del", mdb_cursor_del(cursor, 0))
    }

    /// Puts another value in the place of the record that was returned last.
    ///
    /// - Parameters:
    ///   - key: The record's, in memory of the caller's.
    ///   - value: A record of the same version.
    func replace(
        _ record: IndexRecord,
        key: UnsafeRawBufferPointer,
        with value: UnsafeRawBufferPointer
    ) throws(IndexError) {
        guard let replacement = IndexRecord(value) else { preconditionFailure("a value that is no record") }
        countOut(record)
        var keyValue = MDB_val(key)
        var data = MDB_val(value)
        try IndexError.check("mdb_cursor_put", mdb_cursor_put(cursor, &keyValue, &data, UInt32(MDB_CURRENT)))
        digest.insert(tag: EnvelopeLayout.tag(of: replacement.sealed), version: replacement.version)
        state.count += 1
        if replacement.collection == RecordCollection.sessions.rawValue { state.sessionCount &+= 1 }
        state.valueBytes += UInt64(value.count)
    }

    func countOut(_ record: IndexRecord) {
        digest.remove(tag: EnvelopeLayout.tag(of: record.sealed), version: record.version)
        state.count -= 1
        if record.collection == RecordCollection.sessions.rawValue { state.sessionCount &-= 1 }
        state.valueBytes -= UInt64(record.value.count)
    }

    private func move(_ operation: MDB_cursor_op, _ target: MDB_val) throws(IndexError) -> IndexReader.Item? {
        var key = target
        var value = MDB_val()
        let code = mdb_cursor_get(cursor, &key, &value, operation)
        if code == MDB_NOTFOUND { return nil }
        try IndexError.check("mdb_cursor_get", code)
        return IndexReader.Item(key: key.bytes, value: value.bytes)
    }
}
