extension StoreReader {
    /// Records that one LMDB transaction reads.
    private static let recordsPerBatch = 1_024

    /// Hands out every record of every session, in no order that means anything: what a broker does once, before it
    /// begins.
    ///
    /// The time that it takes depends on the number of these records, and on the journal that was replayed, not on how many
    /// messages are retained.
    ///
    /// - Parameter body: Called once for each record; what it is handed is valid within the call only.
    /// - Throws: `damaged` for the first record that is not what was stored there; `environment`.
    public func forEachSessionRecord(_ body: (SessionRecord) -> Void) throws(StoreError) {
        try forEachSessionRecord(body) { (damage) throws(StoreError) in throw .damaged(damage) }
    }

    /// The same, passing over what is damaged.
    ///
    /// - Parameter damaged: Called for each record that is not what was stored there; what it throws ends the reading.
    /// - Throws: What `damaged` throws; `damaged` where the index itself can not be followed; `environment`.
    public func forEachSessionRecord(
        _ body: (SessionRecord) -> Void,
        damaged: (Damage) throws(StoreError) -> Void
    ) throws(StoreError) {
        var next: [UInt8]? = [SessionKey.classByte]
        try withSnapshot { (active, frozen) throws(StoreError) in
            try readOverlay(active, newer: nil, body, damaged)
            if let frozen { try readOverlay(frozen, newer: active, body, damaged) }
        }
        while let start = next {
            next = try withSnapshot { (active, frozen) throws(StoreError) in
                try readIndex(from: start, active, frozen, body, damaged)
            }
        }
    }

    private func readOverlay(
        _ overlay: Overlay,
        newer: Overlay?,
        _ body: (SessionRecord) -> Void,
        _ damaged: (Damage) throws(StoreError) -> Void
    ) throws(StoreError) {
        for index in 0..<overlay.count {
            let entry = overlay.entry(index)
            guard entry.prefix[0] == SessionKey.classByte, !has(newer, entry.token) else { continue }
            let place = entry.place
            let file = store.options.location.journalPath + "/" + SegmentName.segment(place.segment)
            try journal.withRecord(at: place, isSealed: true) { (record) throws(StoreError) in
                guard record.type == RecordType.set.rawValue else { return }
                try reporting(damaged) { () throws(StoreError) in
                    try hand(record.sealed, record.key, record.dataKeyID, record.version, file, place.offset, body)
                }
            }
        }
    }

    /// Reads a batch; returns the key at which the next one begins.
    private func readIndex(
        from start: [UInt8],
        _ active: Overlay,
        _ frozen: Overlay?,
        _ body: (SessionRecord) -> Void,
        _ damaged: (Damage) throws(StoreError) -> Void
    ) throws(StoreError) -> [UInt8]? {
        let span = start.span
        var item = try reading { () throws(IndexError) in
            try span.withUnsafeBytes { start throws(IndexError) in try index.seek(start) }
        }
        var count = 0
        while let current = item {
            if count == Self.recordsPerBatch { return Array(current.key) }
            count += 1
            try reporting(damaged) { () throws(StoreError) in try handIndexed(current, active, frozen, body) }
            item = try reading { () throws(IndexError) in try index.next() }
        }
        return nil
    }

    private func handIndexed(
        _ item: IndexReader.Item,
        _ active: Overlay,
        _ frozen: Overlay?,
        _ body: (SessionRecord) -> Void
    ) throws(StoreError) {
        guard BlindTopicKey.isWellFormed(item.key) else {
            throw .damaged(
                index.path,
                at: IndexReader.fileOffset(of: item.key),
                "blind key",
                expected: "a session record's",
                found: "\(item.key.count) bytes"
            )
        }
        let token = Overlay.token(of: item.key)
        if has(active, token) || has(frozen, token) { return }
        let record = try checkedRecord(item.value)
        let offset = IndexReader.fileOffset(of: item.value)
        try hand(record.sealed, item.key, record.dataKeyID, record.version, index.path, offset, body)
    }

    private func reporting(
        _ damaged: (Damage) throws(StoreError) -> Void,
        _ body: () throws(StoreError) -> Void
    ) throws(StoreError) {
        do throws(StoreError) {
            try body()
        } catch {
            guard case .damaged(let damage) = error else { throw error }
            try damaged(damage)
        }
    }

    private func has(_ overlay: Overlay?, _ token: UInt128) -> Bool {
        guard let overlay else { return false }
        return store.order.withLock { overlay.place(of: token, keyBytes: SessionKey.bytes) != nil }
    }

    private func hand(
        _ sealed: UnsafeRawBufferPointer,
        _ key: UnsafeRawBufferPointer,
        _ dataKeyID: DataKeyID,
        _ version: UInt64,
        _ file: String,
        _ offset: Int,
        _ body: (SessionRecord) -> Void
    ) throws(StoreError) {
        let opened = try opener.openUnlessShredded(
            sealed,
            version: version,
            key: key,
            dataKeyID: dataKeyID,
            file: file,
            offset: offset
        )
        guard let parts = opened else { return }
        guard let record = SessionRecord(parts, session: SessionKey.session(of: key), version: version) else {
            throw .damaged(
                file,
                at: offset,
                "kind",
                expected: "one of a session's records",
                found: "\(parts.listenerPort)"
            )
        }
        body(record)
    }

    private func reading<Result>(_ body: () throws(IndexError) -> Result) throws(StoreError) -> Result {
        do throws(IndexError) {
            return try body()
        } catch {
            throw error.storeError(path: index.path)
        }
    }
}
