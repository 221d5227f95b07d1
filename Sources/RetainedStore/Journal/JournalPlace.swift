/// Where a record stands: segment number and offset in one word, so that a place can be stored and compared atomically.
///
/// Places grow with LSNs: of two places the greater was written later.
struct JournalPlace: Hashable, Comparable, Sendable {
    /// Segment number (upper 32 bits) and offset in the segment (lower 32 bits).
    var rawValue: UInt64

    init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    init(segment: UInt64, offset: Int) {
        rawValue = segment << 32 | UInt64(offset)
    }

    var segment: UInt64 { rawValue >> 32 }
    var offset: Int { Int(rawValue & 0xFFFF_FFFF) }

    static func < (a: JournalPlace, b: JournalPlace) -> Bool { a.rawValue < b.rawValue }
}
