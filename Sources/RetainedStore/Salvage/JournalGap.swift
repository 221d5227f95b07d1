/// A part of the journal that no MAC vouches for: where it is, and which records it must have held.
struct JournalGap {
    /// Bytes of a file.
    struct Region {
        var path: String
        var range: Range<Int>
        /// Whether it holds what was damaged, and not just what lies behind the last group.
        var isEvidence = true
    }

    /// The LSN behind the last record before the gap.
    var firstLSN: UInt64
    /// The LSN of the first record behind it, which a MAC vouches for; nil: there is none.
    var endLSN: UInt64?
    /// The last LSN that something in the gap states; nothing vouches for that.
    var statedLSN: UInt64 = 0
    var regions: [Region] = []
}
