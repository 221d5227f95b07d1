internal import CLMDB

/// What making a copy of another index does to this one.
extension IndexWriter {
    /// What stands before the key under which `meta` notes that a topic was cleared while the copy was being made.
    static let clearNote = UInt8(ascii: "c")

    /// Makes this index have a record that the other one has, unless it knows something newer of the topic.
    func mirror(key: UnsafeRawBufferPointer, record: IndexRecord) throws(IndexError) {
        if let clearedLSN = try clearedLSN(of: key), clearedLSN >= record.version { return }
        if let own = try exact(key) {
            if own.version > record.version { return }
            if own.version == record.version, own.dataKeyID == record.dataKeyID { return }
            countOut(own)
        }
        var keyValue = MDB_val(key)
        var value = MDB_val(record.value)
        try IndexError.check("mdb_cursor_put", mdb_cursor_put(cursor, &keyValue, &value, 0))
        digest.insert(tag: EnvelopeLayout.tag(of: record.sealed), version: record.version)
        state.count += 1
        if record.collection == RecordCollection.sessions.rawValue { state.sessionCount &+= 1 }
        state.valueBytes += UInt64(record.value.count)
    }

    /// Applies a record of the other store's journal, and remembers a clear: the pass may yet come to what it cleared.
    func follow(_ record: JournalRecord, isShredded: Bool) throws(IndexError) {
        try apply(record, key: record.key, isShredded: isShredded)
        guard record.type == RecordType.clear.rawValue else { return }
        let version = record.version
        try withNoteKey(record.key) { (name) throws(IndexError) in
            try withUnsafeBytes(of: version.littleEndian) { (bytes) throws(IndexError) in
                var key = MDB_val(name)
                var value = MDB_val(bytes)
                try IndexError.check("mdb_put", mdb_put(transaction, index.meta, &key, &value, 0))
            }
        }
    }

    /// Removes what this index has between two keys and the other one does not have, as far as the other one's journal
    /// would not bring it.
    ///
    /// - Parameters:
    ///   - start: The first key that is looked at.
    ///   - end: The first that is not; nil: to the last one.
    ///   - kept: The other's keys between the two, in order.
    ///   - appliedLSN: What is newer, the other index need not have.
    func removeOthers(
        from start: [UInt8],
        to end: [UInt8]?,
        keeping kept: [[UInt8]],
        appliedLSN: UInt64
    ) throws(IndexError) {
        let span = start.span
        var item = try span.withUnsafeBytes { start throws(IndexError) in try seek(start) }
        var keptIndex = 0
        while let current = item {
            if let end, Self.order(current.key, end) >= 0 { return }
            while keptIndex < kept.count, Self.order(current.key, kept[keptIndex]) > 0 { keptIndex += 1 }
            let isKept = keptIndex < kept.count && Self.order(current.key, kept[keptIndex]) == 0
            if !isKept, let record = IndexRecord(current.value), record.version <= appliedLSN { try remove(record) }
            item = try next()
        }
    }

    /// Forgets some notes of clears; returns whether there are more.
    func forgetClears(upTo countMax: Int) throws(IndexError) -> Bool {
        var notes: OpaquePointer?
        try IndexError.check("mdb_cursor_open", mdb_cursor_open(transaction, index.meta, &notes))
        defer { mdb_cursor_close(notes) }
        var count = 0
        var operation = MDB_SET_RANGE
        while true {
            let code = withUnsafeBytes(of: Self.clearNote) { prefix in
                var key = MDB_val(prefix)
                var value = MDB_val()
                let code = mdb_cursor_get(notes, &key, &value, operation)
                guard code == MDB_SUCCESS else { return code }
                return key.bytes.count > 1 && key.bytes[0] == Self.clearNote
                    && key.bytes.count >= BlindTopicKey.bytesMin + 1
                    ? MDB_SUCCESS : MDB_NOTFOUND
            }
            if code == MDB_NOTFOUND { return false }
            try IndexError.check("mdb_cursor_get", code)
            if count == countMax { return true }
            try IndexError.check("mdb_cursor_del", mdb_cursor_del(notes, 0))
            count += 1
            operation = MDB_NEXT
        }
    }

    private static func order(_ key: UnsafeRawBufferPointer, _ other: [UInt8]) -> Int {
        other.withUnsafeBytes { KeyOrder.compare(key, $0) }
    }

    private func exact(_ key: UnsafeRawBufferPointer) throws(IndexError) -> IndexRecord? {
        var keyValue = MDB_val(key)
        var value = MDB_val()
        let code = mdb_cursor_get(cursor, &keyValue, &value, MDB_SET_KEY)
        if code == MDB_NOTFOUND { return nil }
        try IndexError.check("mdb_cursor_get", code)
        return IndexRecord(value.bytes)
    }

    private func clearedLSN(of key: UnsafeRawBufferPointer) throws(IndexError) -> UInt64? {
        try withNoteKey(key) { (name) throws(IndexError) in
            var key = MDB_val(name)
            var value = MDB_val()
            let code = mdb_get(transaction, index.meta, &key, &value)
            if code == MDB_NOTFOUND || value.mv_size != 8 { return nil }
            try IndexError.check("mdb_get", code)
            return value.bytes.loadLittleEndian(at: 0)
        }
    }

    private func withNoteKey<Result>(
        _ key: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws(IndexError) -> Result
    ) throws(IndexError) -> Result {
        // 498 bytes at most, within LMDB's 511.
        let name = [Self.clearNote] + Array(key)
        let span = name.span
        return try span.withUnsafeBytes { name throws(IndexError) in try body(name) }
    }
}
