/// What the index says of itself, committed with every chunk and sealed.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 16 | timeline |
/// | 16 | 8 | applied LSN: every record up to it is in the index |
/// | 24 | 8 | records in `retained` |
/// | 32 | 16 | set digest |
/// | 48 | 8 | bytes of values in `retained` |
/// | 56 | 8 | latest time that the store has seen, milliseconds since 1970 |
///
/// On disk: nonce (24) ‖ sealed (64) ‖ tag (16), XAES-256-GCM under the state key.
struct IndexState: Equatable, Sendable {
    /// The key in `meta` that the state stands under.
    static let metaKey = "state"
    static let plaintextBytes = 64
    static let sealedBytes = plaintextBytes + XAES256GCM.overheadBytes
    private static let label: StaticString = "latch v1 state"

    var timeline: Timeline
    var appliedLSN: UInt64 = 0
    var count: UInt64 = 0
    var digest: UInt128 = 0
    var valueBytes: UInt64 = 0
    var lastTimeMilliseconds: UInt64 = 0
    /// How many of the records are sessions'; counted at opening, and never written.
    var sessionCount: UInt64 = 0

    /// Seals the state.
    func seal(setID: SetID, key: SecretBytes, into sealed: UnsafeMutableRawBufferPointer) throws(EnvironmentError) {
        let plaintext = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.plaintextBytes, alignment: 16)
        defer { plaintext.deallocate() }
        plaintext.storeLittleEndian(timeline, at: 0)
        plaintext.storeLittleEndian(appliedLSN, at: 16)
        plaintext.storeLittleEndian(count, at: 24)
        plaintext.storeLittleEndian(digest, at: 32)
        plaintext.storeLittleEndian(valueBytes, at: 48)
        plaintext.storeLittleEndian(lastTimeMilliseconds, at: 56)
        let bound = Self.associatedData(setID: setID)
        defer { bound.deallocate() }
        try XAES256GCM.seal(UnsafeRawBufferPointer(plaintext), associatedData: bound, key: key, into: sealed)
    }

    /// Opens a sealed state; nil if it is not authentic.
    static func open(_ sealed: UnsafeRawBufferPointer, setID: SetID, key: SecretBytes) throws(EnvironmentError)
        -> IndexState?
    {
        guard sealed.count == sealedBytes else { return nil }
        let plaintext = UnsafeMutableRawBufferPointer.allocate(byteCount: plaintextBytes, alignment: 16)
        defer { plaintext.deallocate() }
        let bound = associatedData(setID: setID)
        defer { bound.deallocate() }
        guard try XAES256GCM.open(sealed, associatedData: bound, key: key, into: plaintext) else { return nil }
        let bytes = UnsafeRawBufferPointer(plaintext)
        return IndexState(
            timeline: bytes.loadLittleEndian(at: 0),
            appliedLSN: bytes.loadLittleEndian(at: 16),
            count: bytes.loadLittleEndian(at: 24),
            digest: bytes.loadLittleEndian(at: 32),
            valueBytes: bytes.loadLittleEndian(at: 48),
            lastTimeMilliseconds: bytes.loadLittleEndian(at: 56)
        )
    }

    /// `latch v1 state` ‖ format version (2) ‖ set id (16); the caller deallocates it.
    private static func associatedData(setID: SetID) -> UnsafeRawBufferPointer {
        let labelBytes = label.utf8CodeUnitCount
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: labelBytes + 18, alignment: 16)
        bytes.baseAddress?.copyMemory(from: label.utf8Start, byteCount: labelBytes)
        bytes.storeLittleEndian(FormatVersion.current, at: labelBytes)
        bytes.storeLittleEndian(setID, at: labelBytes + 2)
        return UnsafeRawBufferPointer(bytes)
    }
}
