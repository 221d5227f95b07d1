internal import Glibc

/// Sorts entries of an overlay by key.
///
/// Keys are copied into one piece of memory first, each from the journal at most once. Behind the prefix that all of
/// them share, eight bytes decide nearly every comparison: what differs in blind keys is pseudo-random.
enum OverlaySorter {
    private struct Item {
        var discriminator: UInt64
        var keyOffset: Int
        var keyBytes: Int
        var index: UInt32
    }

    static func sort(_ overlay: Overlay, _ range: Range<Int>, _ journal: JournalReader) -> OverlayRun {
        var keyBytes = 0
        for index in range { keyBytes += overlay.entry(index).keyBytes }
        let keys = UnsafeMutableRawBufferPointer.allocate(byteCount: keyBytes, alignment: 16)
        defer { keys.deallocate() }
        var items: [Item] = []
        items.reserveCapacity(range.count)
        var offset = 0
        var shared = Int.max
        for index in range {
            let entry = overlay.entry(index)
            let count = entry.keyBytes
            entry.copyKey(to: UnsafeMutableRawBufferPointer(rebasing: keys[offset..<offset + count]), journal)
            items.append(Item(discriminator: 0, keyOffset: offset, keyBytes: count, index: UInt32(index)))
            shared = min(shared, sharedBytes(keys, items[0], items[items.count - 1]))
            offset += count
        }
        for position in items.indices {
            items[position].discriminator = discriminator(keys, items[position], from: shared)
        }
        guard let base = keys.baseAddress else { preconditionFailure("a run is never empty") }
        items.sort { a, b in
            if a.discriminator != b.discriminator { return a.discriminator < b.discriminator }
            let order = memcmp(base + a.keyOffset, base + b.keyOffset, min(a.keyBytes, b.keyBytes))
            return order == 0 ? a.keyBytes < b.keyBytes : order < 0
        }
        return OverlayRun(start: range.lowerBound, count: range.count) { indices in
            for position in items.indices { indices[position] = items[position].index }
        }
    }

    private static func sharedBytes(_ keys: UnsafeMutableRawBufferPointer, _ a: Item, _ b: Item) -> Int {
        let limit = min(a.keyBytes, b.keyBytes)
        var count = 0
        while count < limit, keys[a.keyOffset + count] == keys[b.keyOffset + count] { count += 1 }
        return count
    }

    /// The eight bytes from an offset on as a number that is ordered as they are; zeros stand for what a key does not
    /// have.
    private static func discriminator(_ keys: UnsafeMutableRawBufferPointer, _ item: Item, from offset: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in offset..<offset + 8 {
            value = value << 8 | (index < item.keyBytes ? UInt64(keys[item.keyOffset + index]) : 0)
        }
        return value
    }
}
