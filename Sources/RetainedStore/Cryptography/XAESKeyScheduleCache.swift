/// The key schedules that one writer or reader has at hand, a bounded number.
///
/// Direct-mapped by key id: ids are random, so that neighbours in the namespace do not push each other out.
struct XAESKeyScheduleCache: ~Copyable {
    /// Two libcrypto contexts' worth of memory each; 256 cover the namespaces that are busy at one time.
    static let slotsCount = 256

    private var slots: [XAESKeySchedule?] = Array(repeating: nil, count: slotsCount)

    /// The schedule of a key, if it is at hand.
    @inline(__always)
    func schedule(id: UInt128) -> XAESKeySchedule? {
        guard let schedule = slots[Self.slot(of: id)], schedule.id == id else { return nil }
        return schedule
    }

    /// The schedule of a key, made now if need be.
    mutating func schedule(for key: DataKey) throws(EnvironmentError) -> XAESKeySchedule {
        if let schedule = schedule(id: key.id) { return schedule }
        let schedule = try XAESKeySchedule(id: key.id, key: key.secret)
        slots[Self.slot(of: key.id)] = schedule
        return schedule
    }

    @inline(__always)
    private static func slot(of id: UInt128) -> Int {
        Int(truncatingIfNeeded: id) & (slotsCount - 1)
    }
}
