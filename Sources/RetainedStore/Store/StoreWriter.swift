internal import Synchronization

/// Adds messages to a store in batches: one per event loop, not for two threads at once.
///
/// A batch is what arrives together (the publications of one read from a socket): it is ordered under one lock, gets
/// neighbouring versions and becomes durable as a whole.
public final class StoreWriter {
    let store: RetainedStore
    private let blinder: TopicBlinder
    private let sealer: Sealer
    /// Made when the first record of a session comes.
    private var sessionKeys: SessionKeys?
    // One thread at a time is this class's contract; checking it anew for every message costs as much as the work.
    @exclusivity(unchecked) private var batch = StoreBatch()
    /// Whether the batch has keys.
    @exclusivity(unchecked) private var isGathering = false
    /// What failed while the batch was being gathered; `commit` throws it.
    private var failure: EnvironmentError?

    init(store: RetainedStore) throws(EnvironmentError) {
        self.store = store
        blinder = try TopicBlinder(indexKey: store.keys.index)
        sealer = try Sealer(setID: store.setID, keyring: store.keyring, padding: store.options.padding)
        batch.keyRevision = sealer.keyRevision
    }

    /// Messages in the batch.
    public var count: Int { batch.items.count }

    /// Adds a message to the batch. Nothing is copied: what the parts point to must stay until `commit` has returned.
    public func set(_ parts: MessageParts) {
        append(parts, .set)
    }

    /// Adds the clearing of a topic to the batch: of the parts, properties and payload are left out.
    public func clear(_ parts: MessageParts) {
        var parts = parts
        parts.properties = UnsafeRawBufferPointer(start: nil, count: 0)
        parts.payload = UnsafeRawBufferPointer(start: nil, count: 0)
        append(parts, .clear)
    }

    /// Empties the batch without committing it.
    public func discard() {
        batch.removeAll()
        failure = nil
        guard isGathering else { return }
        isGathering = false
        sealer.end()
    }

    /// Before the first message of a batch asks for a key.
    @inline(__always)
    private func beginGathering() {
        guard !isGathering else { return }
        isGathering = true
        sealer.begin()
        batch.keyRevision = sealer.keyRevision
    }

    /// Orders the batch, makes it visible to readers and hands it to the journal; empties it, whatever happens.
    ///
    /// Waits where the journal or the overlay has no room at the moment, which `RetainedStore.isUnderPressure`
    /// announces.
    ///
    /// - Parameter ordered: Called once, with the version of the first message (the others follow without gaps), under
    ///   the lock that orders everything: what it puts into queues is in the order of versions. It must be short, and
    ///   must not call the store.
    /// - Returns: The LSN whose durability means that the batch is durable.
    /// - Throws: `full`, `failed`, `closed`, `environment`; nothing was ordered, stored or changed then.
    public func commit(ordered: (UInt64) -> Void) throws(StoreError) -> UInt64 {
        let lsn = try commit(ifCurrent: { true }, ordered: ordered)
        guard let lsn else { preconditionFailure("nobody called the batch off") }
        return lsn
    }

    /// The same, unless the batch was overtaken by something that the caller watches.
    ///
    /// - Parameter isCurrent: Called under the lock that orders everything, right before the batch is ordered: what it
    ///   finds to be so is still so when `ordered` is called, if it changes under that lock only.
    /// - Returns: nil if `isCurrent` said `false`: nothing was ordered, stored or changed then.
    public func commit(ifCurrent isCurrent: () -> Bool, ordered: (UInt64) -> Void) throws(StoreError) -> UInt64? {
        defer { discard() }
        if let failure { throw StoreError(makingKeys: failure) }
        guard !batch.items.isEmpty else { return 0 }
        try StoreError.whileReading { () throws(EnvironmentError) in try sealer.beginBatch() }
        while true {
            switch try store.order(batch, ifCurrent: isCurrent, ordered) {
            case .ordered(let reservation):
                seal(into: reservation)
                store.journal.finish(reservation)
                return reservation.firstLSN + UInt64(batch.items.count) - 1
            case .keysReplaced:
                try StoreError.whileMakingKeys { () throws(EnvironmentError) in try takeNewKeys() }
            case .calledOff:
                return nil
            }
        }
    }

    /// Orders the batch, which consists of clears, without those whose topics have got newer values than the index has;
    /// empties it, whatever happens. For the checkpoint thread.
    func commitClears() throws(StoreError) -> ClearOutcome {
        defer { discard() }
        if let failure { throw .environment(failure) }
        try StoreError.whileReading { () throws(EnvironmentError) in try sealer.beginBatch() }
        while true {
            switch try store.orderClears(&batch) {
            case .keysReplaced: try StoreError.whileReading { () throws(EnvironmentError) in try takeNewKeys() }
            case .noRoom(let isCheckpointWanted): return .noRoom(isCheckpointWanted: isCheckpointWanted)
            case .nothing: return .ordered(count: 0, lastLSN: 0)
            case .reserved(let reservation):
                let count = batch.items.count
                seal(into: reservation)
                store.journal.finish(reservation)
                return .ordered(count: count, lastLSN: reservation.firstLSN + UInt64(count) - 1)
            }
        }
    }

    private func append(_ parts: MessageParts, _ type: RecordType) {
        precondition((1...0xFFFF).contains(parts.topic.count), "a topic has 1 to 65,535 bytes")
        let key = batch.keyRoom()
        let keyBytes = blinder.blind(parts.topic, into: key)
        append(
            parts,
            type,
            .retained,
            keyBytes: keyBytes,
            namespace: BlindTopicKey.namespace(of: UnsafeRawBufferPointer(key))
        )
    }

    /// Adds a record of a session, under a key of its own.
    func append(_ record: SessionRecord, _ type: RecordType) {
        let key = batch.keyRoom()
        do throws(EnvironmentError) {
            if sessionKeys == nil { sessionKeys = try SessionKeys(store.keys) }
        } catch {
            failure = error
            return
        }
        sessionKeys?.write(record.parts, session: record.session, blinder: blinder, into: key)
        append(
            record.parts,
            type,
            .sessions,
            keyBytes: SessionKey.bytes,
            namespace: BlindTopicKey.namespace(of: UnsafeRawBufferPointer(key))
        )
    }

    @inline(__always)
    private func append(
        _ parts: MessageParts,
        _ type: RecordType,
        _ collection: RecordCollection,
        keyBytes: Int,
        namespace: NamespaceToken
    ) {
        beginGathering()
        do throws(EnvironmentError) {
            if !batch.hasKey(for: namespace) {
                batch.use(try sealer.dataKey(forNamespace: namespace), for: namespace)
            }
            let sealedBytes = sealer.sealedBytes(of: parts)
            precondition(sealedBytes <= JournalRecord.sealedBytesMax, "a message larger than MQTT allows")
            batch.append(parts, type: type, collection: collection, keyBytes: keyBytes, sealedBytes: sealedBytes)
        } catch {
            failure = error
        }
    }

    /// Keys were replaced while the batch was being gathered.
    @inline(never)
    private func takeNewKeys() throws(EnvironmentError) {
        sealer.refreshKeys()
        try batch.replaceDataKeys(revision: sealer.keyRevision) { (namespace) throws(EnvironmentError) in
            try sealer.dataKey(forNamespace: namespace)
        }
    }

    private func seal(into reservation: JournalReservation) {
        var slot = reservation.group.slot(at: reservation.offset)
        var dataKeyIndex = 0
        var dataKey = batch.dataKeys[0]
        for item in batch.items {
            if item.dataKeyIndex != dataKeyIndex {
                dataKeyIndex = item.dataKeyIndex
                dataKey = batch.dataKeys[dataKeyIndex]
            }
            let key = batch.key(of: item)
            let sealed = UnsafeMutableRawBufferPointer(
                start: slot + JournalRecord.headerBytes + item.keyBytes,
                count: item.sealedBytes
            )
            sealer.seal(
                item.parts,
                recordType: item.type,
                collection: item.collection,
                blindKey: key,
                key: dataKey,
                into: sealed
            )
            JournalRecord.finish(at: slot, keyBytes: item.keyBytes, sealedBytes: item.sealedBytes)
            slot += JournalRecord.bytes(keyBytes: item.keyBytes, sealedBytes: item.sealedBytes)
        }
    }
}
