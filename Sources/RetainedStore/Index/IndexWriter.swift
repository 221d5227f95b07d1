internal import CLMDB

/// One write transaction on the index: applies records and commits them together with the state that they lead to.
///
/// For one thread, the one that began it: LMDB's writer lock belongs to a thread. What is not committed is undone when
/// the writer is let go.
final class IndexWriter {
    let index: IndexEnvironment
    let transaction: OpaquePointer
    let cursor: OpaquePointer
    private var isEnded = false
    /// What the index says of itself, as of the last record applied; the digest is brought up to date by `commit`.
    var state: IndexState
    var digest: SetDigest
    /// What a record's version can not be above.
    private let versionMax: UInt64

    /// Begins a transaction on an index that is in `state`.
    ///
    /// - Parameter versionMax: The last LSN of the journal; a record in the index that says it is newer was not written
    ///   by us.
    init(
        _ index: IndexEnvironment,
        state: IndexState,
        versionMax: UInt64,
        auditKey: SecretBytes
    ) throws(IndexError) {
        var transaction: OpaquePointer?
        try IndexError.check("mdb_txn_begin", mdb_txn_begin(index.environment, nil, 0, &transaction))
        var cursor: OpaquePointer?
        let code = mdb_cursor_open(transaction, index.retained, &cursor)
        guard code == MDB_SUCCESS, let transaction, let cursor else {
            mdb_txn_abort(transaction)
            throw IndexError("mdb_cursor_open", code: code)
        }
        do throws(EnvironmentError) {
            digest = try SetDigest(key: auditKey, sum: state.digest)
        } catch {
            mdb_cursor_close(cursor)
            mdb_txn_abort(transaction)
            throw .environment(error)
        }
        self.index = index
        self.state = state
        self.versionMax = versionMax
        self.transaction = transaction
        self.cursor = cursor
    }

    deinit {
        abort()
    }

    /// Applies a record unless the index has its topic's value of the same version or a newer one: so a checkpoint that
    /// was interrupted can be done again.
    ///
    /// - Parameter isShredded: Whether the record's key was destroyed: then it leaves as little as a clear does.
    func apply(
        _ record: JournalRecord,
        key: UnsafeRawBufferPointer,
        isShredded: Bool = false
    ) throws(IndexError) {
        var keyValue = MDB_val(key)
        var value = MDB_val()
        let code = mdb_cursor_get(cursor, &keyValue, &value, MDB_SET_KEY)
        let exists = code != MDB_NOTFOUND
        if exists {
            try IndexError.check("mdb_cursor_get", code)
            guard let old = IndexRecord(value.bytes), old.version <= versionMax else {
                throw .damaged(code: MDB_CORRUPTED)
            }
            if old.version >= record.version { return }
            digest.remove(tag: EnvelopeLayout.tag(of: old.sealed), version: old.version)
            state.count -= 1
            if old.collection == RecordCollection.sessions.rawValue { state.sessionCount &-= 1 }
            state.valueBytes -= UInt64(value.mv_size)
        }
        if record.type == RecordType.clear.rawValue || isShredded {
            if exists { try IndexError.check("mdb_cursor_del", mdb_cursor_del(cursor, 0)) }
            return
        }
        let bytes = IndexRecord.bytes(sealedBytes: record.sealedBytes)
        keyValue = MDB_val(key)
        value = MDB_val(mv_size: bytes, mv_data: nil)
        let flags = UInt32(MDB_RESERVE) | (exists ? UInt32(MDB_CURRENT) : 0)
        try IndexError.check("mdb_cursor_put", mdb_cursor_put(cursor, &keyValue, &value, flags))
        IndexRecord.write(record, into: UnsafeMutableRawBufferPointer(start: value.mv_data, count: bytes))
        digest.insert(tag: EnvelopeLayout.tag(of: record.sealed), version: record.version)
        state.count += 1
        if record.collection == RecordCollection.sessions.rawValue { state.sessionCount &+= 1 }
        state.valueBytes += UInt64(bytes)
    }

    /// Commits what was applied and the state; the transaction ends, whatever happens.
    ///
    /// - Parameter appliedLSN: What the state says from now on; nil: what it said before, since not everything is in
    ///   yet.
    /// - Returns: The state that the index is in now.
    func commit(
        appliedLSN: UInt64?,
        setID: SetID,
        stateKey: SecretBytes
    ) throws(IndexError) -> IndexState {
        state.digest = digest.value()
        if let appliedLSN { state.appliedLSN = appliedLSN }
        do throws(IndexError) {
            try putState(setID, stateKey)
        } catch {
            abort()
            throw error
        }
        isEnded = true
        mdb_cursor_close(cursor)
        try IndexError.check("mdb_txn_commit", mdb_txn_commit(transaction), path: index.path)
        return state
    }

    /// Undoes everything since the transaction began.
    func abort() {
        guard !isEnded else { return }
        isEnded = true
        mdb_cursor_close(cursor)
        mdb_txn_abort(transaction)
    }

    private func putState(_ setID: SetID, _ stateKey: SecretBytes) throws(IndexError) {
        let sealed = UnsafeMutableRawBufferPointer.allocate(byteCount: IndexState.sealedBytes, alignment: 16)
        defer { sealed.deallocate() }
        do throws(EnvironmentError) {
            try state.seal(setID: setID, key: stateKey, into: sealed)
        } catch {
            throw .environment(error)
        }
        try putMeta(IndexState.metaKey, UnsafeRawBufferPointer(sealed))
    }

    /// Puts a value into `meta`, to be committed with what was applied.
    func putMeta(_ name: String, _ bytes: UnsafeRawBufferPointer) throws(IndexError) {
        var name = name
        let code = name.withUTF8 { name in
            var key = MDB_val(UnsafeRawBufferPointer(name))
            var value = MDB_val(bytes)
            return mdb_put(transaction, index.meta, &key, &value, 0)
        }
        try IndexError.check("mdb_put", code)
    }

    /// Takes a value out of `meta`, if it is there.
    func deleteMeta(_ name: String) throws(IndexError) {
        var name = name
        let code = name.withUTF8 { name in
            var key = MDB_val(UnsafeRawBufferPointer(name))
            return mdb_del(transaction, index.meta, &key, nil)
        }
        if code != MDB_NOTFOUND { try IndexError.check("mdb_del", code) }
    }
}
