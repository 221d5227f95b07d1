/// What verifying a store found.
public struct VerificationReport: Equatable, Sendable {
    /// Whether envelopes were opened. Without the key, structure and checksums are all that was checked: nothing is
    /// known about the contents of messages, their number, or whether records were taken away or put back.
    public var hadKey = false
    /// Segments in the journal.
    public var segmentCount = 0
    /// Records in the journal.
    public var journalRecordCount: UInt64 = 0
    /// Bytes of a torn tail: never acknowledged, dropped by the next opening.
    public var tornBytes: UInt64 = 0
    /// Records in the index.
    public var indexRecordCount: UInt64 = 0
    /// Topics with a retained message. Known with the key only, like the next two.
    public var setCount: UInt64 = 0
    /// Topics that were cleared and whose clearing is not in the index yet.
    public var clearedCount: UInt64 = 0
    /// Topics whose message has expired; not among those with a retained message.
    public var expiredCount: UInt64 = 0
    /// Records of clients' sessions: the sessions, their subscriptions, and the messages that wait for them.
    public var sessionRecordCount: UInt64 = 0
    /// Records whose key was destroyed by a shred and which have not been removed yet; nothing opens them any more.
    public var shreddedCount: UInt64 = 0
    /// What is damaged, in the order in which it was found; at most ``damageMax`` are kept.
    public private(set) var damage: [Damage] = []
    /// How many places are damaged.
    public private(set) var damageCount: UInt64 = 0
    /// Seconds that it took.
    public var seconds = 0.0

    /// How much damage is described one by one: a disk that has gone bad fills a screen, not the memory.
    public static let damageMax = 100

    public init() {}

    /// Whether everything is as it should be.
    public var isSound: Bool { damageCount == 0 }

    /// Adds what somebody else found.
    public mutating func note(_ found: Damage) {
        if !damage.contains(found) { add(found) }
    }

    mutating func add(_ found: Damage) {
        damageCount += 1
        if damage.count < Self.damageMax { damage.append(found) }
    }
}
