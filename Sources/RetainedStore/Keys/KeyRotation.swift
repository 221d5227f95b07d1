/// How far sealing anew what older generations of data keys have sealed has come, as the index keeps it.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 4 | generation |
/// | 4 | 1 | 1: every record of the index is sealed with a key of this generation or a newer one |
/// | 5 | … | else the blind key at which the pass goes on |
///
/// Not authenticated: what a forged one can do is to have the pass done again, or not; old keys open what they sealed
/// in either case.
struct KeyRotation: Equatable {
    /// The key in `meta` that it stands under.
    static let metaKey = "reseal"

    var generation: UInt32
    /// nil when it is done.
    var nextKey: [UInt8]?

    init(generation: UInt32, nextKey: [UInt8]?) {
        self.generation = generation
        self.nextKey = nextKey
    }

    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 5, bytes.count <= 5 + BlindTopicKey.bytesMax else { return nil }
        generation = bytes.loadLittleEndian(at: 0)
        nextKey = bytes[4] == 1 ? nil : Array(bytes[5...])
    }

    var bytes: [UInt8] {
        withUnsafeBytes(of: generation.littleEndian) { Array($0) } + [nextKey == nil ? 1 : 0] + (nextKey ?? [])
    }
}
