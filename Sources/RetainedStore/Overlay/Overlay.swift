internal import Synchronization

/// What the journal knows and the index does not yet: each key's newest place in the journal.
///
/// It holds no messages, only a hash table from a key's last token to an entry of 48 bytes, and the entries in the order in
/// which their keys first came. Writers change it under the order lock. Readers follow entries without it: an entry is
/// complete before `count` includes it, and its place is one atomic word. Order by key, for scans and checkpoints, is made
/// from the entries afterwards, in sorted runs (`OverlayRuns`).
///
/// ### Invariants
/// - Entries are never removed; a cleared topic's entry leads to the record of the clear.
/// - An entry's place only grows.
final class Overlay: @unchecked Sendable {
    // `slots` belongs to whoever holds the order lock until the overlay is frozen, and changes no more afterwards; entries
    // are published by `publishedCount` and changed through one atomic word.

    /// Entries per block, of which `firstVersions` keeps one version.
    static let blockEntries = 4_096

    /// Entries that it can hold.
    let capacity: Int
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
        let fingerprint = token >> 64
        let tagged = UInt64(truncatingIfNeeded: fingerprint) & 0xFFFF_FFFF_0000_0000
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
        let index = entryCount
        precondition(index < capacity, "room in the overlay is checked before a batch is ordered")
        if index % Self.blockEntries == 0 {
            firstVersions.base.assumingMemoryBound(to: UInt64.self)[index / Self.blockEntries] = version
        }
        OverlayEntry.initialize(at: entries.base + index * OverlayEntry.bytes, token: token, key: key, place: place)
        entryCount = index + 1
        words[slot] = tagged | UInt64(entryCount)
        publishedCount.store(entryCount, ordering: .releasing)
    }

    /// The place of a key's newest record. With the order lock held, or frozen.
    func place(of token: UInt128, keyBytes: Int) -> JournalPlace? {
        let words = slots.base.assumingMemoryBound(to: UInt64.self)
        let tagged = UInt64(truncatingIfNeeded: token >> 64) & 0xFFFF_FFFF_0000_0000
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
