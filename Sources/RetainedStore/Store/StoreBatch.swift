/// The messages of a writer's next commit: where they are, under which key and with which data key, in memory that is
/// used again and again.
struct StoreBatch: ~Copyable {
    /// One message.
    struct Item {
        var parts: MessageParts
        var dataKeyID: DataKeyID
        /// Where in `dataKeys` the key is.
        var dataKeyIndex: Int
        var token: UInt128
        var keyOffset: Int
        var keyBytes: Int
        var sealedBytes: Int
        var type: RecordType
        var collection: RecordCollection
    }

    private(set) var items: [Item] = []
    /// The data keys of the batch, each as often as the namespace changed: a reference for every message would be counted for
    /// every message.
    private(set) var dataKeys: [DataKey] = []
    /// The namespace of the last message.
    private var namespace: NamespaceToken?
    private var dataKeyID: DataKeyID = 0
    /// The revision of the keyring that the items' data keys are of.
    var keyRevision: UInt64 = 0
    /// Bytes of all the records.
    private(set) var recordBytes = 0
    /// When the first of its messages expires, seconds since 1970; the largest number: none does.
    private(set) var earliestExpirySeconds = ExpiryNote.never
    private var keys: UnsafeMutableRawBufferPointer = .allocate(byteCount: 1 << 14, alignment: 16)
    private var keysUsed = 0

    deinit {
        keys.deallocate()
    }

    /// Room for one more blind key, the longest there is.
    mutating func keyRoom() -> UnsafeMutableRawBufferPointer {
        if keysUsed + BlindTopicKey.bytesMax > keys.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: keys.count * 2, alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: keys[..<keysUsed]))
            keys.deallocate()
            keys = larger
        }
        return UnsafeMutableRawBufferPointer(rebasing: keys[keysUsed...])
    }

    /// Whether the last data key is the one for a namespace.
    @inline(__always)
    func hasKey(for namespace: NamespaceToken) -> Bool { self.namespace == namespace }

    /// Makes a data key the one for the messages that follow.
    mutating func use(_ dataKey: DataKey, for namespace: NamespaceToken) {
        dataKeys.append(dataKey)
        self.namespace = namespace
        dataKeyID = dataKey.id
    }

    /// Adds a message whose blind key has been written into `keyRoom`, and whose data key is the last one.
    mutating func append(
        _ parts: MessageParts,
        type: RecordType,
        collection: RecordCollection = .retained,
        keyBytes: Int,
        sealedBytes: Int
    ) {
        let key = UnsafeRawBufferPointer(rebasing: keys[keysUsed..<keysUsed + keyBytes])
        items.append(
            Item(
                parts: parts,
                dataKeyID: dataKeyID,
                dataKeyIndex: dataKeys.count - 1,
                token: Overlay.token(of: key),
                keyOffset: keysUsed,
                keyBytes: keyBytes,
                sealedBytes: sealedBytes,
                type: type,
                collection: collection
            )
        )
        keysUsed += keyBytes
        recordBytes += JournalRecord.bytes(keyBytes: keyBytes, sealedBytes: sealedBytes)
        if parts.expiryTimeSeconds != 0, parts.expiryTimeSeconds < earliestExpirySeconds, collection == .retained {
            earliestExpirySeconds = parts.expiryTimeSeconds
        }
    }

    /// Gives every message the data key that its namespace has now; sealed, it is as long as before.
    mutating func replaceDataKeys(
        revision: UInt64,
        _ dataKey: (NamespaceToken) throws(EnvironmentError) -> DataKey
    ) throws(EnvironmentError) {
        keyRevision = revision
        dataKeys.removeAll(keepingCapacity: true)
        namespace = nil
        for index in items.indices {
            let namespace = BlindTopicKey.namespace(of: key(of: items[index]))
            if !hasKey(for: namespace) { use(try dataKey(namespace), for: namespace) }
            items[index].dataKeyID = dataKeyID
            items[index].dataKeyIndex = dataKeys.count - 1
        }
    }

    @inline(__always)
    func key(of item: borrowing Item) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: keys[item.keyOffset..<item.keyOffset + item.keyBytes])
    }

    /// Takes some messages out.
    mutating func removeAll(where isUnwanted: (borrowing Item) -> Bool) {
        items.removeAll { isUnwanted($0) }
        recordBytes = items.reduce(0) {
            $0 + JournalRecord.bytes(keyBytes: $1.keyBytes, sealedBytes: $1.sealedBytes)
        }
    }

    mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
        earliestExpirySeconds = ExpiryNote.never
        dataKeys.removeAll(keepingCapacity: true)
        namespace = nil
        recordBytes = 0
        keysUsed = 0
    }
}
