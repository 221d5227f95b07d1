internal import CLMDB
internal import Synchronization

/// What the journal knows and the index does not yet: each key's newest place in the journal.
///
/// It holds no messages, only a hash table from a key's last token to an entry of 64 bytes, and the entries in the
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
    /// When the first message that was entered expires, seconds since 1970, whether or not it was replaced since; with the
    /// order lock held.
    var earliestExpirySeconds = ExpiryNote.never
    /// Whether there are messages in it that were not opened when they were replayed, so that nobody knows when they expire.
    var hasUnknownExpiries = false
    /// The order of its entries, as far as somebody has needed it.
    let runs = OverlayRuns()
    private let slotsMask: Int
    /// Slots of four bytes: the number of an entry, from 1, and above it as much of the token as there are bits left,
    /// which spares most visits to entries of other keys. Zero: empty.
    private let slots: AnonymousMemory
    private let numberBits: Int
    private let entries: AnonymousMemory
    /// For each block the version that brought its first entry: what a scan up to an older version need not look at.
    private let firstVersions: AnonymousMemory
    private let publishedCount = Atomic<Int>(0)
    /// The same, for whoever holds the order lock.
    private var entryCount = 0
    /// How many of the keys are sessions'; for whoever holds the order lock.
    var sessionCount = 0

    /// - Parameter capacity: Entries; the hash table gets a quarter more slots at least.
    init(capacity: Int) throws(EnvironmentError) {
        self.capacity = capacity
        let wanted = capacity + capacity / 4
        var slotCount = 64
        while slotCount < wanted { slotCount *= 2 }
        precondition(capacity < 1 << 31, "entries are numbered with 31 bits")
        slotsMask = slotCount - 1
        numberBits = Int.bitWidth - capacity.leadingZeroBitCount
        slots = try AnonymousMemory(bytes: slotCount * 4)
        entries = try AnonymousMemory(bytes: capacity * OverlayEntry.bytes)
        firstVersions = try AnonymousMemory(bytes: (capacity / Self.blockEntries + 1) * 8)
    }

    /// A larger overlay with the same entries, while nobody else sees either.
    convenience init(copying other: Overlay, capacity: Int) throws(EnvironmentError) {
        try self.init(capacity: capacity)
        earliestExpirySeconds = other.earliestExpirySeconds
        hasUnknownExpiries = other.hasUnknownExpiries
        let versions = other.firstVersions.base.assumingMemoryBound(to: UInt64.self)
        for index in 0..<other.count {
            append(other.entry(index), version: versions[index / Self.blockEntries])
        }
        sessionCount = other.sessionCount
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
    ///
    /// - Returns: Whether the key is new here.
    @inline(__always)
    @discardableResult
    func enter(key: UnsafeRawBufferPointer, token: UInt128, place: JournalPlace, version: UInt64) -> Bool {
        let (slot, entry) = find(token, keyBytes: key.count)
        if let entry {
            entry.move(to: place)
            return false
        }
        OverlayEntry.initialize(at: nextEntry(version: version), token: token, key: key, place: place)
        publish(in: slot, token)
        return true
    }

    /// The place of a key's newest record. With the order lock held, or frozen.
    func place(of token: UInt128, keyBytes: Int) -> JournalPlace? {
        find(token, keyBytes: keyBytes).entry?.place
    }

    /// The entry of a key, or the slot that it would have.
    @inline(__always)
    private func find(_ token: UInt128, keyBytes: Int) -> (slot: Int, entry: OverlayEntry?) {
        let words = slots.base.assumingMemoryBound(to: UInt32.self)
        let numberMask = UInt32(1) << UInt32(numberBits) - 1
        let fingerprint = fingerprint(token)
        var slot = Int(truncatingIfNeeded: token) & slotsMask
        while true {
            let word = words[slot]
            if word == 0 { return (slot, nil) }
            if word & ~numberMask == fingerprint {
                let entry = entry(Int(word & numberMask) - 1)
                if entry.token == token, entry.keyBytes == keyBytes { return (slot, entry) }
            }
            slot = (slot + 1) & slotsMask
        }
    }

    /// Asks for the cache line of a key's slot: of a million slots hardly any is in the cache.
    @inline(__always)
    func prefetchSlot(of token: UInt128) {
        latch_prefetch(slots.base + (Int(truncatingIfNeeded: token) & slotsMask) * 4)
    }

    /// Asks for the cache line of a key's entry, if it is the one that its slot leads to. With the order lock held.
    @inline(__always)
    func prefetchEntry(of token: UInt128) {
        let slot = slots.base.load(fromByteOffset: (Int(truncatingIfNeeded: token) & slotsMask) * 4, as: UInt32.self)
        let number = Int(slot & (UInt32(1) << UInt32(numberBits) - 1))
        if number > 0 { latch_prefetch(entries.base + (number - 1) * OverlayEntry.bytes) }
    }

    private func append(_ other: OverlayEntry, version: UInt64) {
        let (slot, _) = find(other.token, keyBytes: other.keyBytes)
        nextEntry(version: version).copyMemory(from: other.base, byteCount: OverlayEntry.bytes)
        publish(in: slot, other.token)
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
    private func publish(in slot: Int, _ token: UInt128) {
        entryCount += 1
        slots.base.assumingMemoryBound(to: UInt32.self)[slot] = fingerprint(token) | UInt32(entryCount)
        publishedCount.store(entryCount, ordering: .releasing)
    }

    /// The upper part of a slot.
    @inline(__always)
    private func fingerprint(_ token: UInt128) -> UInt32 {
        UInt32(truncatingIfNeeded: token >> 64) << UInt32(numberBits)
    }

    /// The last 16 bytes of a blind key.
    @inline(__always)
    static func token(of key: UnsafeRawBufferPointer) -> UInt128 {
        key.loadUnaligned(fromByteOffset: key.count - 16, as: UInt128.self)
    }
}
