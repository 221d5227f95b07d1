/// What is known by packet identifier: the messages under way to a client, or those that it has not released.
///
/// Open addressed, so that one identifier that is never acknowledged costs one slot and not, as in a table by distance
/// from the oldest, the whole range that follows it. Identifiers are handed out one after the other and would fill one
/// long run of slots, which removing would have to walk; multiplying by the golden ratio spreads them evenly instead.
/// Removing moves later entries back; there are no tombstones. It owns its memory, so that an
/// entry is examined, changed and taken out where it lies.
///
/// ### Invariants
/// - No slot, or a power of two of them, at most half of them filled. Identifier 0 marks a free slot; it is none.
struct PacketIdentifierTable<Value>: ~Copyable {
    private var identifiers: UnsafeMutablePointer<UInt16>?
    /// Initialised where the identifier is not 0.
    private var values: UnsafeMutablePointer<Value>?
    private var slotCount = 0
    private(set) var count = 0
    /// 32 less the binary logarithm of the number of slots.
    private var shift: UInt32 = 32

    private static var slotsMin: Int { 8 }

    init() {}

    deinit {
        Self.destroy(identifiers, values, slotCount)
    }

    var isEmpty: Bool { count == 0 }

    /// Where an identifier is, until the table is changed; nil if it is not in the table.
    func slot(of identifier: UInt16) -> Int? {
        guard count > 0, identifier != 0, let identifiers else { return nil }
        var slot = wantedSlot(identifier)
        while identifiers[slot] != 0 {
            if identifiers[slot] == identifier { return slot }
            slot = (slot + 1) & (slotCount - 1)
        }
        return nil
    }

    /// The value in a slot that `slot(of:)` returned.
    subscript(slot slot: Int) -> Value {
        _read {
            precondition(slot < slotCount && identifiers?[slot] != 0, "not a slot in use")
            // The precondition implies memory.
            yield values![slot]
        }
        _modify {
            precondition(slot < slotCount && identifiers?[slot] != 0, "not a slot in use")
            yield &values![slot]
        }
    }

    /// Adds an identifier that is not in the table.
    mutating func insert(_ identifier: UInt16, _ value: consuming Value) {
        precondition(identifier != 0, "0 is no packet identifier [MQTT-2.2.1-3]")
        if (count + 1) * 2 > slotCount { resize(to: max(Self.slotsMin, slotCount * 2)) }
        guard let identifiers, let values else { return }
        var slot = wantedSlot(identifier)
        while identifiers[slot] != 0 {
            precondition(identifiers[slot] != identifier, "the packet identifier is in use [MQTT-2.2.1-4]")
            slot = (slot + 1) & (slotCount - 1)
        }
        identifiers[slot] = identifier
        (values + slot).initialize(to: value)
        count += 1
    }

    /// Takes out what is in a slot that `slot(of:)` returned.
    mutating func remove(slot: Int) -> Value {
        precondition(slot < slotCount && identifiers?[slot] != 0, "not a slot in use")
        guard let identifiers, let values else { preconditionFailure("slots without memory") }
        let removed = (values + slot).move()
        let mask = slotCount - 1
        var hole = slot
        var next = (hole + 1) & mask
        while identifiers[next] != 0 {
            let wanted = wantedSlot(identifiers[next])
            if (next - wanted) & mask >= (next - hole) & mask {
                identifiers[hole] = identifiers[next]
                (values + hole).moveInitialize(from: values + next, count: 1)
                hole = next
            }
            next = (next + 1) & mask
        }
        identifiers[hole] = 0
        count -= 1
        return removed
    }

    /// Calls `body` with every entry, in no particular order.
    func forEach(_ body: (UInt16, inout Value) -> Void) {
        guard let identifiers, let values else { return }
        for slot in 0..<slotCount where identifiers[slot] != 0 { body(identifiers[slot], &values[slot]) }
    }

    private func wantedSlot(_ identifier: UInt16) -> Int {
        Int((UInt32(identifier) &* 0x9E37_79B1) >> shift)
    }

    private mutating func resize(to newSlotCount: Int) {
        let oldIdentifiers = identifiers
        let oldValues = values
        let oldSlotCount = slotCount
        let newIdentifiers = UnsafeMutablePointer<UInt16>.allocate(capacity: newSlotCount)
        newIdentifiers.initialize(repeating: 0, count: newSlotCount)
        let newValues = UnsafeMutablePointer<Value>.allocate(capacity: newSlotCount)
        slotCount = newSlotCount
        shift = 32 - UInt32(newSlotCount.trailingZeroBitCount)
        if let oldIdentifiers, let oldValues {
            for old in 0..<oldSlotCount where oldIdentifiers[old] != 0 {
                var slot = wantedSlot(oldIdentifiers[old])
                while newIdentifiers[slot] != 0 { slot = (slot + 1) & (newSlotCount - 1) }
                newIdentifiers[slot] = oldIdentifiers[old]
                (newValues + slot).moveInitialize(from: oldValues + old, count: 1)
            }
            oldIdentifiers.deallocate()
            oldValues.deallocate()
        }
        identifiers = newIdentifiers
        values = newValues
    }

    private static func destroy(
        _ identifiers: UnsafeMutablePointer<UInt16>?,
        _ values: UnsafeMutablePointer<Value>?,
        _ slotCount: Int
    ) {
        guard let identifiers, let values else { return }
        for slot in 0..<slotCount where identifiers[slot] != 0 { (values + slot).deinitialize(count: 1) }
        identifiers.deallocate()
        values.deallocate()
    }
}

extension PacketIdentifierTable {
    func contains(_ identifier: UInt16) -> Bool { slot(of: identifier) != nil }

    subscript(identifier: UInt16) -> Value? {
        slot(of: identifier).map { self[slot: $0] }
    }

    mutating func remove(_ identifier: UInt16) -> Value? {
        slot(of: identifier).map { remove(slot: $0) }
    }
}
