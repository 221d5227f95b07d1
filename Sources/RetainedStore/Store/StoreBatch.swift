/// The messages of a writer's next commit: where they are, under which key and with which data key, in memory that is
/// used again and again.
struct StoreBatch: ~Copyable {
    /// One message.
    struct Item {
        var parts: MessageParts
        var dataKey: DataKey
        var token: UInt128
        var keyOffset: Int
        var keyBytes: Int
        var sealedBytes: Int
        var type: RecordType
    }

    private(set) var items: [Item] = []
    /// Bytes of all the records.
    private(set) var recordBytes = 0
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

    /// Adds a message whose blind key has been written into `keyRoom`.
    mutating func append(_ parts: MessageParts, type: RecordType, keyBytes: Int, dataKey: DataKey, sealedBytes: Int) {
        let key = UnsafeRawBufferPointer(rebasing: keys[keysUsed..<keysUsed + keyBytes])
        items.append(
            Item(
                parts: parts,
                dataKey: dataKey,
                token: Overlay.token(of: key),
                keyOffset: keysUsed,
                keyBytes: keyBytes,
                sealedBytes: sealedBytes,
                type: type
            )
        )
        keysUsed += keyBytes
        recordBytes += JournalRecord.bytes(keyBytes: keyBytes, sealedBytes: sealedBytes)
    }

    @inline(__always)
    func key(of item: borrowing Item) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: keys[item.keyOffset..<item.keyOffset + item.keyBytes])
    }

    mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
        recordBytes = 0
        keysUsed = 0
    }
}
