/// Opens envelopes to see whether they are what was put there, each under the key of its own topic.
///
/// Not for two threads at once.
final class EnvelopeCheck {
    /// What became of an envelope.
    enum Outcome {
        case current
        case expired
        /// What is kept for a client's session.
        case session
        /// Its key was destroyed, and what it held is gone.
        case shredded
        case damaged(Damage)
    }

    private let opener: RecordOpener
    private let blinder: TopicBlinder
    private let nowSeconds: UInt64
    private let topicKey: UnsafeMutableRawBufferPointer
    private let sessionKeys: SessionKeys

    init(_ opened: OpenedStore, nowSeconds: UInt64) throws(EnvironmentError) {
        opener = try RecordOpener(setID: opened.header.setID, keyring: opened.keyring)
        blinder = try TopicBlinder(indexKey: opened.keys.index)
        sessionKeys = try SessionKeys(opened.keys)
        self.nowSeconds = nowSeconds
        topicKey = .allocate(byteCount: BlindTopicKey.bytesMax, alignment: 16)
    }

    deinit {
        topicKey.deallocate()
    }

    /// Checks a record of the journal, whose structure has been checked.
    func check(_ record: JournalRecord, file: String, offset: Int) throws(StoreError) -> Outcome {
        guard let type = RecordType(rawValue: record.type) else {
            throw .unsupported(file: file, what: "record type \(record.type)")
        }
        if isShredded(record.dataKeyID, record.key, record.version) { return .shredded }
        return try check(
            record.sealed,
            type: type,
            key: record.key,
            dataKeyID: record.dataKeyID,
            file: file,
            offset: offset
        )
    }

    /// Checks a record of the index.
    func check(
        _ record: IndexRecord,
        key: UnsafeRawBufferPointer,
        file: String,
        offset: Int
    ) throws(StoreError) -> Outcome {
        if record.collection != RecordCollection(ofKey: key).rawValue {
            throw .damaged(
                file,
                at: offset + 25,
                "collection",
                expected: "\(RecordCollection(ofKey: key).rawValue), as the key has it",
                found: "\(record.collection)"
            )
        }
        if isShredded(record.dataKeyID, key, record.version) { return .shredded }
        return try check(record.sealed, type: .set, key: key, dataKeyID: record.dataKeyID, file: file, offset: offset)
    }

    private func isShredded(_ id: DataKeyID, _ key: UnsafeRawBufferPointer, _ version: UInt64) -> Bool {
        opener.isShredded(dataKeyID: id, key: key, version: version)
    }

    private func check(
        _ sealed: UnsafeRawBufferPointer,
        type: RecordType,
        key: UnsafeRawBufferPointer,
        dataKeyID: DataKeyID,
        file: String,
        offset: Int
    ) throws(StoreError) -> Outcome {
        do throws(StoreError) {
            let parts = try opener.open(
                sealed,
                type: type,
                key: key,
                dataKeyID: dataKeyID,
                file: file,
                offset: offset
            )
            let isSession = RecordCollection(ofKey: key) == .sessions
            if isSession {
                sessionKeys.write(parts, session: SessionKey.session(of: key), blinder: blinder, into: topicKey)
            }
            let expectedBytes = isSession ? SessionKey.bytes : blinder.blind(parts.topic, into: topicKey)
            if KeyOrder.compare(UnsafeRawBufferPointer(rebasing: topicKey[..<expectedBytes]), key) != 0 {
                throw .damaged(file, at: offset, "blind key", expected: "that of the topic inside", found: "another")
            }
            // What a session is owed is its own to let go of, whenever it has expired.
            if isSession { return .session }
            return parts.expiryTimeSeconds != 0 && parts.expiryTimeSeconds <= nowSeconds ? .expired : .current
        } catch {
            guard case .damaged(let damage) = error else { throw error }
            return .damaged(damage)
        }
    }
}
