/// What is known by packet identifier: the messages under way to a client, or those that it has not released.
///
/// Open addressed, so that one identifier that is never acknowledged costs one slot and not, as in a table by distance
/// from the oldest, the whole range that follows it. Identifiers are handed out one after the other and would fill one
/// long run of slots, which removing would have to walk; multiplying by the golden ratio spreads them evenly instead.
/// Removing moves later entries back; there are no tombstones.
///
/// ### Invariants
/// - No slot, or a power of two of them, at most half of them filled. Identifier 0 marks a free slot; it is none.
struct PacketIdentifierTable<Value> {
    private var identifiers: [UInt16] = []
    private var values: [Value?] = []
    private(set) var count = 0
    /// 32 less the binary logarithm of the number of slots.
    private var shift: UInt32 = 32

    private static var slotsMin: Int { 8 }

    init() {}

    var isEmpty: Bool { count == 0 }

    subscript(identifier: UInt16) -> Value? {
        slot(of: identifier).flatMap { values[$0] }
    }

    func contains(_ identifier: UInt16) -> Bool {
        slot(of: identifier) != nil
    }

    /// Adds an identifier that is not in the table.
    mutating func insert(_ identifier: UInt16, _ value: Value) {
        precondition(identifier != 0, "0 is no packet identifier [MQTT-2.2.1-3]")
        if (count + 1) * 2 > identifiers.count { resize(to: max(Self.slotsMin, identifiers.count * 2)) }
        var slot = wantedSlot(identifier)
        while identifiers[slot] != 0 {
            precondition(identifiers[slot] != identifier, "the packet identifier is in use [MQTT-2.2.1-4]")
            slot = (slot + 1) & (identifiers.count - 1)
        }
        identifiers[slot] = identifier
        values[slot] = value
        count += 1
    }

    /// Changes the value of an identifier that is in the table.
    mutating func update<Result>(_ identifier: UInt16, _ body: (inout Value) -> Result) -> Result? {
        guard let slot = slot(of: identifier), var value = values[slot] else { return nil }
        // Leaves one reference to what the value holds, so that changing it copies nothing.
        values[slot] = nil
        defer { values[slot] = value }
        return body(&value)
    }

    mutating func remove(_ identifier: UInt16) -> Value? {
        guard var hole = slot(of: identifier) else { return nil }
        let mask = identifiers.count - 1
        let removed = values[hole]
        var next = (hole + 1) & mask
        while identifiers[next] != 0 {
            let wanted = wantedSlot(identifiers[next])
            if (next - wanted) & mask >= (next - hole) & mask {
                identifiers[hole] = identifiers[next]
                values.swapAt(hole, next)
                hole = next
            }
            next = (next + 1) & mask
        }
        identifiers[hole] = 0
        values[hole] = nil
        count -= 1
        return removed
    }

    /// Forgets everything and gives back the memory.
    mutating func removeAll() {
        identifiers = []
        values = []
        count = 0
    }

    /// Calls `body` with every entry, in no particular order.
    func forEach(_ body: (UInt16, Value) -> Void) {
        for slot in identifiers.indices {
            if identifiers[slot] != 0, let value = values[slot] { body(identifiers[slot], value) }
        }
    }

    private func wantedSlot(_ identifier: UInt16) -> Int {
        Int((UInt32(identifier) &* 0x9E37_79B1) >> shift)
    }

    private func slot(of identifier: UInt16) -> Int? {
        guard count > 0, identifier != 0 else { return nil }
        let mask = identifiers.count - 1
        var slot = wantedSlot(identifier)
        while identifiers[slot] != 0 {
            if identifiers[slot] == identifier { return slot }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private mutating func resize(to slots: Int) {
        let oldIdentifiers = identifiers
        let oldValues = values
        identifiers = Array(repeating: 0, count: slots)
        shift = 32 - UInt32(slots.trailingZeroBitCount)
        values = Array(repeating: nil, count: slots)
        for old in oldIdentifiers.indices where oldIdentifiers[old] != 0 {
            var slot = wantedSlot(oldIdentifiers[old])
            while identifiers[slot] != 0 { slot = (slot + 1) & (slots - 1) }
            identifiers[slot] = oldIdentifiers[old]
            values[slot] = oldValues[old]
        }
    }
}
