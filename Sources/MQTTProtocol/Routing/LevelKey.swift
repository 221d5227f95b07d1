/// The bytes of one topic level in two machine words, for hashing and comparing.
///
/// Up to fifteen bytes are held in full, with their number in the last byte, so that two levels are equal exactly if
/// their words are. For a longer level the words hold a hash and the number of bytes; equal words then mean "compare
/// the bytes".
struct LevelKey: Equatable {
    let low: UInt64
    let high: UInt64

    static var inlineBytesMax: Int { 15 }
    private static var longMark: UInt64 { 0xFF << 56 }

    /// Whether equal words are not yet equal bytes.
    var isLong: Bool { high >= Self.longMark }

    /// Packs a level.
    ///
    /// - Parameters:
    ///   - level: Its bytes; may be empty, as an empty level is an ordinary level.
    ///   - secret: Seeds the hash of long levels.
    init(_ level: UnsafeRawBufferPointer, secret: LevelHash) {
        if level.count > Self.inlineBytesMax {
            low = secret.hash(level)
            high = Self.longMark | UInt64(level.count)
        } else {
            let count = UInt64(level.count) << 56
            if level.count > 8 {
                low = level.loadUnaligned(as: UInt64.self)
                high = Self.upTo8(level, from: 8) | count
            } else {
                low = Self.upTo8(level, from: 0)
                high = count
            }
        }
    }

    /// The bytes from `start` to the end, at most eight, as one word.
    private static func upTo8(_ level: UnsafeRawBufferPointer, from start: Int) -> UInt64 {
        let end = level.count
        switch end - start {
        case 8:
            return level.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        case 4...7:
            // Two loads that overlap; what the second repeats falls on equal bits.
            let first = UInt64(level.loadUnaligned(fromByteOffset: start, as: UInt32.self))
            let last = UInt64(level.loadUnaligned(fromByteOffset: end - 4, as: UInt32.self))
            return first | last << UInt64((end - start - 4) * 8)
        default:
            var word: UInt64 = 0
            for offset in start..<end { word |= UInt64(level[offset]) << UInt64((offset - start) * 8) }
            return word
        }
    }
}
