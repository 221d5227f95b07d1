/// The key schedules that one writer or reader has at hand, a bounded number.
///
/// Four-way associative by key id: ids are random, so that a few hundred busy namespaces spread evenly and none of them
/// is made anew for every message.
struct XAESKeyScheduleCache: ~Copyable {
    /// About a kilobyte each, most of it libcrypto's.
    static let schedulesMax = setsCount * waysCount
    private static let setsCount = 128
    private static let waysCount = 4

    private var slots: [XAESKeySchedule?] = Array(repeating: nil, count: schedulesMax)

    /// The schedule of a key, if it is at hand.
    @inline(__always)
    func schedule(id: UInt128) -> XAESKeySchedule? {
        let first = Self.firstSlot(of: id)
        for slot in first..<first + Self.waysCount {
            guard let schedule = slots[slot] else { return nil }
            if schedule.id == id { return schedule }
        }
        return nil
    }

    /// The schedule of a key, made now if need be; then the set's oldest one goes.
    mutating func schedule(for key: DataKey) throws(EnvironmentError) -> XAESKeySchedule {
        if let schedule = schedule(id: key.id) { return schedule }
        let schedule = try XAESKeySchedule(id: key.id, key: key.secret)
        let first = Self.firstSlot(of: key.id)
        for slot in stride(from: first + Self.waysCount - 1, to: first, by: -1) { slots[slot] = slots[slot - 1] }
        slots[first] = schedule
        return schedule
    }

    @inline(__always)
    private static func firstSlot(of id: UInt128) -> Int {
        (Int(truncatingIfNeeded: id) & (setsCount - 1)) * waysCount
    }
}
