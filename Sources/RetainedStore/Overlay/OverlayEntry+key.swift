extension OverlayEntry {
    /// Copies the whole key, of `keyBytes` bytes, from the entry or from the journal.
    func copyKey(to target: UnsafeMutableRawBufferPointer, _ journal: JournalReader) {
        if keyBytes <= Self.prefixBytes {
            target.copyMemory(from: prefix)
        } else {
            journal.withRecord(at: place, isSealed: false) { target.copyMemory(from: $0.key) }
        }
    }

    /// Whether the key is less than another, by its first bytes if they tell, else by the journal's.
    func isLess(than other: UnsafeRawBufferPointer, _ journal: JournalReader) -> Bool {
        let prefix = prefix
        let order = KeyOrder.compareFirst(min(prefix.count, other.count), prefix, other)
        if order != 0 { return order < 0 }
        if keyBytes <= Self.prefixBytes || other.count <= Self.prefixBytes { return keyBytes < other.count }
        return journal.withRecord(at: place, isSealed: false) { KeyOrder.compare($0.key, other) < 0 }
    }
}
