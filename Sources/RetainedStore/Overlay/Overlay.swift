internal import Synchronization

/// What the journal knows and the index does not yet: each key's newest place in the journal.
///
/// It holds no messages, only a hash table from a key's last token to an entry of 48 bytes, and the entries in the
/// order in which their keys first came. Writers change it under the order lock. Readers follow entries without it: an
/// entry is complete before `count` includes it, and its place is one atomic word. Order by key, for scans and
/// checkpoints, is made from the entries afterwards, in sorted runs (`OverlayRuns`).
///
/// ### Invariants
/// - Entries are never removed; a cleared topic's entry leads to the record of the clear.
/// - An entry's place only grows.
final class Overlay: @unchecked Sendable {
    // `slots` belongs to whoever holds the order lock until the overlay is frozen, and changes no more afterwards;
    // entries are published by `publishedCount` and changed through one atomic word.

    /// Entries per block, of which `firstVersions` keeps one version.
    static let blockEntries = 4_096

    /// Entries that it can hold.
    let capacity: Int
    /// The order of its entries, as far as somebody has needed it.
    let runs = OverlayRuns()
    private let slotsMask: Int
    private let slots: AnonymousMemory
    private let entries: AnonymousMemory
    /// For each block the version that brought its first entry: what a scan up to an older version need not look at.
    private let firstVersions: AnonymousMemory
    private let publishedCount = Atomic<Int>(0)
    /// The same, for whoever holds the order lock.
    private var entryCount = 0

    /// - Parameter capacity: Entries; the hash table gets a quarter more slots at least.
    init(capacity: Int) throws(EnvironmentError) {
        self.capacity = capacity
        let wanted = capacity + capacity / 4
        var slotCount = 64
        while slotCount < wanted { slotCount *= 2 }
        slotsMask = slotCount - 1
        slots = try AnonymousMemory(bytes: slotCount * 8)
        entries = try AnonymousMemory(bytes: capacity * OverlayEntry.bytes)
        firstVersions = try AnonymousMemory(bytes: (capacity / Self.blockEntries + 1) * 8)
    }

    /// A larger overlay with the same entries, while nobody else sees either.
    convenience init(copying other: Overlay, capacity: Int) throws(EnvironmentError) {
        try self.init(capacity: capacity)
        let versions = other.firstVersions.base.assumingMemoryBound(to: UInt64.self)
        for index in 0..<other.count {
            append(other.entry(index), version: versions[index / Self.blockEntries])
        }
    }

    /// Whether no further key can be entered. With the order lock held.
    var isFull: Bool { entryCount == capacity }

    /// Distinct keys. What is below it may be read by anyone.
    @inline(__always)
    var count: Int { publishedCount.load(ordering: .acquiring) }

    @inline(__always)
    func entry(_ index: Int) -> OverlayEntry {
        OverlayEntry(base: entries.base + index * OverlayEntry.bytes)
    }

    /// How many of the first `count` entries may have come with a version up to `version`.
    func count(upToVersion version: UInt64, of count: Int) -> Int {
        var blocks = (count + Self.blockEntries - 1) / Self.blockEntries
        let versions = firstVersions.base.assumingMemoryBound(to: UInt64.self)
        while blocks > 0, versions[blocks - 1] > version { blocks -= 1 }
        return min(count, blocks * Self.blockEntries)
    }

    /// Notes that a key's newest record is at `place`. With the order lock held; there must be room.
    @inline(__always)
    func enter(key: UnsafeRawBufferPointer, token: UInt128, place: JournalPlace, version: UInt64) {
        let words = slots.base.assumingMemoryBound(to: UInt64.self)
        let tagged = Self.fingerprint(token)
        var slot = Int(truncatingIfNeeded: token) & slotsMask
        while true {
            let word = words[slot]
            if word == 0 { break }
            if word & 0xFFFF_FFFF_0000_0000 == tagged {
                let entry = entry(Int(word & 0xFFFF_FFFF) - 1)
                if entry.token == token, entry.keyBytes == key.count {
                    entry.move(to: place)
                    return
                }
            }
            slot = (slot + 1) & slotsMask
        }
        let entry = nextEntry(version: version)
        OverlayEntry.initialize(at: entry, token: token, key: key, place: place)
        publish(in: slot, tagged)
    }

    private func append(_ other: OverlayEntry, version: UInt64) {
        let words = slots.base.assumingMemoryBound(to: UInt64.self)
        var slot = Int(truncatingIfNeeded: other.token) & slotsMask
        while words[slot] != 0 { slot = (slot + 1) & slotsMask }
        nextEntry(version: version).copyMemory(from: other.base, byteCount: OverlayEntry.bytes)
        publish(in: slot, Self.fingerprint(other.token))
    }

    /// Memory for the next entry, whose key came with a version.
    @inline(__always)
    private func nextEntry(version: UInt64) -> UnsafeMutableRawPointer {
        let index = entryCount
        precondition(index < capacity, "room in the overlay is checked before a batch is ordered")
        if index % Self.blockEntries == 0 {
            firstVersions.base.assumingMemoryBound(to: UInt64.self)[index / Self.blockEntries] = version
        }
        return entries.base + index * OverlayEntry.bytes
    }

    /// Makes the entry that was written last known, under a slot of the hash table.
    @inline(__always)
    private func publish(in slot: Int, _ fingerprint: UInt64) {
        entryCount += 1
        slots.base.assumingMemoryBound(to: UInt64.self)[slot] = fingerprint | UInt64(entryCount)
        publishedCount.store(entryCount, ordering: .releasing)
    }

    /// The upper half of a slot: the part of a token that spares most visits to entries of other keys.
    @inline(__always)
    private static func fingerprint(_ token: UInt128) -> UInt64 {
        UInt64(truncatingIfNeeded: token >> 64) & 0xFFFF_FFFF_0000_0000
    }

    /// The place of a key's newest record. With the order lock held, or frozen.
    func place(of token: UInt128, keyBytes: Int) -> JournalPlace? {
        let words = slots.base.assumingMemoryBound(to: UInt64.self)
        let tagged = Self.fingerprint(token)
        var slot = Int(truncatingIfNeeded: token) & slotsMask
        while true {
            let word = words[slot]
            if word == 0 { return nil }
            if word & 0xFFFF_FFFF_0000_0000 == tagged {
                let entry = entry(Int(word & 0xFFFF_FFFF) - 1)
                if entry.token == token, entry.keyBytes == keyBytes { return entry.place }
            }
            slot = (slot + 1) & slotsMask
        }
    }

    /// The last 16 bytes of a blind key.
    @inline(__always)
    static func token(of key: UnsafeRawBufferPointer) -> UInt128 {
        key.loadUnaligned(fromByteOffset: key.count - 16, as: UInt128.self)
    }
}
