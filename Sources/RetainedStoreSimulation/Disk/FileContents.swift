/// A file on a disk with a cache: what is on the medium, and the writes that may or may not have got there.
struct FileContents: Sendable {
    /// What a disk writes whole or not at all (CrashModel.md).
    static let sectorBytes = 512

    private struct Write {
        var offset: Int
        var bytes: [UInt8]
    }

    /// The medium.
    private var durable: [UInt8]
    /// Since the last sync, in order.
    private var pending: [Write] = []

    init(_ durable: [UInt8] = []) {
        self.durable = durable
    }

    mutating func write(_ bytes: [UInt8], at offset: Int) {
        pending.append(Write(offset: offset, bytes: bytes))
    }

    /// Cuts the file at once: a crash between the cut and its sync leaves one of two states that other crash points
    /// have anyway.
    mutating func truncate(to size: Int) {
        durable = image(.everything)
        pending.removeAll()
        durable.removeLast(max(0, durable.count - size))
    }

    mutating func sync() {
        guard !pending.isEmpty else { return }
        durable = image(.everything)
        pending.removeAll()
    }

    /// The file as a reader sees it, crashes aside.
    func image(_ survival: Survival) -> [UInt8] {
        // Draws nothing where nothing is left to chance.
        var random = SeededGenerator(seed: 0)
        return image(survival, using: &random)
    }

    /// The file as a crash leaves it: each sector in one of the versions that it had since the last sync.
    func image(_ survival: Survival, using random: inout SeededGenerator) -> [UInt8] {
        var versions: [Int: Int] = [:]
        for write in pending { for sector in Self.sectors(of: write) { versions[sector, default: 0] += 1 } }
        var kept: [Int: Int] = [:]
        for sector in versions.keys.sorted() {
            kept[sector] = survival.kept(of: versions[sector] ?? 0, using: &random)
        }
        var bytes = durable
        for write in pending {
            for sector in Self.sectors(of: write) {
                guard let left = kept[sector], left > 0 else { continue }
                kept[sector] = left - 1
                let start = max(write.offset, sector * Self.sectorBytes)
                let end = min(write.offset + write.bytes.count, (sector + 1) * Self.sectorBytes)
                if bytes.count < end { bytes.append(contentsOf: repeatElement(0, count: end - bytes.count)) }
                bytes.replaceSubrange(start..<end, with: write.bytes[(start - write.offset)..<(end - write.offset)])
            }
        }
        return bytes
    }

    private static func sectors(of write: Write) -> ClosedRange<Int> {
        write.offset / sectorBytes...max(write.offset, write.offset + write.bytes.count - 1) / sectorBytes
    }
}
