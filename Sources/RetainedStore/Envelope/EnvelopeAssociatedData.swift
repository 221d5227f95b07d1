/// What binds an envelope to its place: a record moved to another topic, type, key or store does not open.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 2 | format version |
/// | 2 | 16 | set id |
/// | 18 | 16 | data-key id |
/// | 34 | 1 | collection |
/// | 35 | 1 | record type |
/// | 36 | … | blind key |
///
/// Written into one buffer again and again; never stored.
struct EnvelopeAssociatedData: ~Copyable {
    private static let fixedBytes = 36

    private let buffer: UnsafeMutableRawBufferPointer

    init(setID: SetID) {
        self.buffer = .allocate(byteCount: Self.fixedBytes + BlindTopicKey.bytesMax, alignment: 16)
        buffer.storeLittleEndian(FormatVersion.current, at: 0)
        buffer.storeLittleEndian(setID, at: 2)
    }

    deinit {
        buffer.deallocate()
    }

    /// The associated data of one record; valid until the next call.
    @inline(__always)
    mutating func write(
        recordType: RecordType,
        collection: RecordCollection,
        blindKey: UnsafeRawBufferPointer,
        keyID: DataKeyID
    ) -> UnsafeRawBufferPointer {
        precondition(blindKey.count <= BlindTopicKey.bytesMax, "a blind key of more than 497 bytes")
        buffer.storeLittleEndian(keyID, at: 18)
        buffer.storeLittleEndian(collection.rawValue, at: 34)
        buffer.storeLittleEndian(recordType.rawValue, at: 35)
        if let source = blindKey.baseAddress {
            buffer.baseAddress?.advanced(by: Self.fixedBytes).copyMemory(from: source, byteCount: blindKey.count)
        }
        return UnsafeRawBufferPointer(rebasing: buffer[..<(Self.fixedBytes + blindKey.count)])
    }
}
