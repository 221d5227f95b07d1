internal import RetainedStore

extension StoreWriter {
    /// Commits changes as one batch.
    ///
    /// - Parameter ordered: As in `commit(ordered:)`.
    func commit(_ changes: [Change], ordered: (UInt64) -> Void) throws(StoreError) -> UInt64 {
        // One piece of memory that outlives the commit, as an event loop's read buffer does.
        let texts = changes.map { (topic: Array($0.topic.utf8), payload: $0.payload.map { Array($0.utf8) }) }
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(1, texts.reduce(0) { $0 + $1.topic.count + ($1.payload?.count ?? 0) }),
            alignment: 8
        )
        defer { memory.deallocate() }
        var used = 0
        func place(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
            let room = UnsafeMutableRawBufferPointer(rebasing: memory[used..<used + bytes.count])
            room.copyBytes(from: bytes)
            used += bytes.count
            return UnsafeRawBufferPointer(room)
        }
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        for (change, text) in zip(changes, texts) {
            if let number = change.sessionNumber {
                var record = SessionRecord(session: 7, kind: .message, number: number, name: place(text.topic))
                record.payload = place(text.payload ?? [])
                if text.payload == nil { clear(record) } else { set(record) }
                continue
            }
            let parts = MessageParts(
                topic: place(text.topic),
                clientID: nothing,
                userName: nothing,
                properties: nothing,
                payload: place(text.payload ?? []),
                qos: 1,
                listenerPort: 0,
                publishTimeMilliseconds: 1_000,
                expiryTimeSeconds: 0
            )
            if text.payload == nil { clear(parts) } else { set(parts) }
        }
        return try commit(ordered: ordered)
    }
}

extension StoreReader {
    /// Everything that the store holds: payloads by the names that changes have.
    func everything() throws(StoreError) -> [String: String] {
        var found: [String: String] = [:]
        let filter: StaticString = "#"
        let bytes = UnsafeRawBufferPointer(start: filter.utf8Start, count: filter.utf8CodeUnitCount)
        var scan = RetainedScan(filter: bytes, upToVersion: .max)
        while !scan.isFinished {
            _ = try nextBatch(of: &scan, limits: ScanLimits(), nowSeconds: 1) { view in
                found[String(decoding: view.topic, as: UTF8.self)] = String(decoding: view.payload, as: UTF8.self)
            }
        }
        try forEachSessionRecord { record in
            let topic = String(decoding: record.name, as: UTF8.self)
            found[Change.name(topic: topic, sessionNumber: record.number)] =
                String(decoding: record.payload, as: UTF8.self)
        }
        return found
    }
}
