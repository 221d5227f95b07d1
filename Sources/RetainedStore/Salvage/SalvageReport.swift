/// What salvaging a store did.
public struct SalvageReport: Equatable, Sendable {
    /// Where what was not kept is; nil: there is no such thing.
    public var quarantinePath: String?
    /// What is broken apart from single records: pages, segments, groups; at most ``VerificationReport/damageMax`` are kept.
    public private(set) var damage: [Damage] = []
    public private(set) var damageCount: UInt64 = 0
    /// Records that the index says it had; nil if that could not be read.
    public var indexStatedCount: UInt64?
    /// Records of the index that were read, those on pages that the tree no longer reaches included.
    public var indexReadCount: UInt64 = 0
    /// Of these, those on pages that the tree no longer reaches.
    public var offTreeCount: UInt64 = 0
    /// Of those that were read, what went into quarantine.
    public var indexQuarantinedCount: UInt64 = 0
    /// Records whose key had been destroyed, and which were left out.
    public var shreddedCount: UInt64 = 0
    /// Whether what was read of the index is, to the record and the version, what the index says of itself.
    public var isIndexProven = false
    /// Segments of the journal.
    public var segmentCount = 0
    /// Records of the journal whose place a MAC vouches for.
    public var journalRecordCount: UInt64 = 0
    /// Records that were kept although their group's MAC fails: they open, and stand where a record of their version must.
    public var unboundCount: UInt64 = 0
    /// Records of the journal that went into quarantine.
    public var journalQuarantinedCount: UInt64 = 0
    /// Records of the journal of which nothing was found, and which the index need not have.
    public var journalMissingCount: UInt64 = 0
    /// Bytes that were never said to be durable.
    public var tornBytes: UInt64 = 0
    /// What was not kept, one by one; at most ``unsavedMax`` are described.
    public private(set) var unsaved: [UnsavedRecord] = []
    /// By what became of it: `lost`, `older kept`, `newer kept`, `unknown`.
    public internal(set) var lostCount: UInt64 = 0
    public internal(set) var olderKeptCount: UInt64 = 0
    public internal(set) var newerKeptCount: UInt64 = 0
    public internal(set) var unknownCount: UInt64 = 0
    /// Records in the salvaged index.
    public var keptCount: UInt64 = 0
    /// The last LSN of the salvaged store.
    public var lastLSN: UInt64 = 0
    public var seconds = 0.0

    /// How many records are described one by one; all are counted, and in the quarantine.
    public static let unsavedMax = 100_000

    public init() {}

    /// Records that the index says it had and of which nothing was found; nil if it does not say.
    public var indexMissingCount: UInt64? {
        indexStatedCount.map { $0 > indexReadCount ? $0 - indexReadCount : 0 }
    }

    /// Records of which something was found, and which were not kept.
    public var quarantinedCount: UInt64 { indexQuarantinedCount + journalQuarantinedCount }

    mutating func add(_ found: Damage) {
        damageCount += 1
        if damage.count < VerificationReport.damageMax { damage.append(found) }
    }

    mutating func add(_ record: UnsavedRecord) {
        switch record.outcome {
        case .lost: lostCount += 1
        case .olderKept: olderKeptCount += 1
        case .newerKept: newerKeptCount += 1
        case .unknown: unknownCount += 1
        }
        if unsaved.count < Self.unsavedMax { unsaved.append(record) }
    }
}
