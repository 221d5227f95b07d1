extension JournalRecord {
    /// Checks that a record lies within its group and says nothing unknown; returns its length.
    ///
    /// For groups whose checksum fits: what is wrong here was written wrong.
    static func check(
        _ group: UnsafeRawBufferPointer,
        at offset: Int,
        file: String,
        groupOffset: Int
    ) throws(StoreError) -> Int {
        let place = groupOffset + offset
        guard offset + headerBytes <= group.count, let base = group.baseAddress else {
            throw .damaged(
                file,
                at: place,
                "record",
                expected: "\(headerBytes) bytes",
                found: "\(group.count - offset)"
            )
        }
        let record = JournalRecord(base: base + offset)
        guard let collection = RecordCollection(rawValue: record.collection) else {
            throw .unsupported(file: file, what: "collection \(record.collection) at offset \(place + 5)")
        }
        guard RecordType(rawValue: record.type) != nil else {
            throw .unsupported(file: file, what: "record type \(record.type) at offset \(place + 4)")
        }
        let expected = bytes(keyBytes: record.keyBytes, sealedBytes: record.sealedBytes)
        if record.recordBytes != expected {
            throw .damaged(file, at: place, "record bytes", expected: expected, found: record.recordBytes)
        }
        guard offset + expected <= group.count else {
            throw .damaged(
                file,
                at: place,
                "record bytes",
                expected: "at most \(group.count - offset)",
                found: "\(expected)"
            )
        }
        guard record.sealedBytes >= XAES256GCM.overheadBytes + EnvelopeLayout.plaintextHeaderBytes else {
            throw .damaged(
                file,
                at: place + 8,
                "sealed bytes",
                expected: "an envelope's",
                found: "\(record.sealedBytes)"
            )
        }
        guard BlindTopicKey.isWellFormed(record.key) else {
            throw .damaged(
                file,
                at: place + 6,
                "blind key bytes",
                expected: "a blind key's",
                found: "\(record.keyBytes)"
            )
        }
        guard collection == RecordCollection(ofKey: record.key) else {
            throw .damaged(
                file,
                at: place + 5,
                "collection",
                expected: "\(RecordCollection(ofKey: record.key).rawValue), as the key has it",
                found: "\(collection.rawValue)"
            )
        }
        return expected
    }
}
