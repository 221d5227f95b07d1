/// Sorts entries of an overlay by key.
///
/// Behind the prefix that all of them share, eight bytes of the entry itself decide nearly every comparison, as what
/// differs in blind keys is pseudo-random. Only keys that agree in all that their entries have are looked up in the
/// journal.
enum OverlaySorter {
    private struct Item {
        var discriminator: UInt64
        var index: UInt32
    }

    static func sort(_ overlay: Overlay, _ range: Range<Int>, _ journal: JournalReader) -> OverlayRun {
        let first = overlay.entry(range.lowerBound).prefix
        var shared = first.count
        for index in range { shared = min(shared, sharedBytes(first, overlay.entry(index).prefix, limit: shared)) }
        var items: [Item] = []
        items.reserveCapacity(range.count)
        for index in range {
            let discriminator = discriminator(overlay.entry(index).prefix, from: shared)
            items.append(Item(discriminator: discriminator, index: UInt32(index)))
        }
        let left = UnsafeMutableRawBufferPointer.allocate(byteCount: BlindTopicKey.bytesMax, alignment: 16)
        defer { left.deallocate() }
        items.sort { a, b in
            if a.discriminator != b.discriminator { return a.discriminator < b.discriminator }
            return isLess(overlay.entry(Int(a.index)), overlay.entry(Int(b.index)), left, journal)
        }
        return OverlayRun(start: range.lowerBound, count: range.count) { indices in
            for position in items.indices { indices[position] = items[position].index }
        }
    }

    private static func isLess(
        _ a: OverlayEntry,
        _ b: OverlayEntry,
        _ keyOfA: UnsafeMutableRawBufferPointer,
        _ journal: JournalReader
    ) -> Bool {
        let order = KeyOrder.compareFirst(min(a.prefix.count, b.prefix.count), a.prefix, b.prefix)
        if order != 0 { return order < 0 }
        if min(a.keyBytes, b.keyBytes) <= OverlayEntry.prefixBytes { return a.keyBytes < b.keyBytes }
        let key = UnsafeMutableRawBufferPointer(rebasing: keyOfA[..<a.keyBytes])
        a.copyKey(to: key, journal)
        return b.compare(with: UnsafeRawBufferPointer(key), journal) > 0
    }

    private static func sharedBytes(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer, limit: Int) -> Int {
        let limit = min(limit, b.count)
        var count = 0
        while count < limit, a[count] == b[count] { count += 1 }
        return count
    }

    /// The eight bytes from an offset on as a number that is ordered as they are; zeros stand for what is not there.
    private static func discriminator(_ prefix: UnsafeRawBufferPointer, from offset: Int) -> UInt64 {
        if offset + 8 <= prefix.count {
            return UInt64(bigEndian: prefix.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        var value: UInt64 = 0
        for index in offset..<offset + 8 { value = value << 8 | (index < prefix.count ? UInt64(prefix[index]) : 0) }
        return value
    }
}
