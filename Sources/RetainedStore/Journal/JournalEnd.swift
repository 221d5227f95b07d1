/// Where a journal's history ends: what the next segment's header states.
struct JournalEnd: Equatable {
    /// The last segment's number; 0: there is none yet.
    var segmentNumber: UInt64 = 0
    /// The offset behind its last group.
    var offset: UInt64 = 0
    /// The MAC of its last group, or of its header if it has none.
    var mac: UInt128 = 0
    /// The last record's LSN.
    var lastLSN: UInt64 = 0
}
