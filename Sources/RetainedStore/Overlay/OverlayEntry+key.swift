extension OverlayEntry {
    /// Copies the whole key, of `keyBytes` bytes, from the entry or from the journal.
    func copyKey(to target: UnsafeMutableRawBufferPointer, _ journal: JournalReader) {
        if keyBytes <= Self.prefixBytes {
            target.copyMemory(from: prefix)
        } else {
            journal.withRecord(at: place, isSealed: false) { target.copyMemory(from: $0.key) }
        }
    }

    /// The order of the key and another, whole one, by its first bytes if they tell, else by the journal's.
    @inline(__always)
    func compare(with other: UnsafeRawBufferPointer, _ journal: JournalReader) -> Int {
        let prefix = prefix
        let order = KeyOrder.compareFirst(min(prefix.count, other.count), prefix, other)
        if order != 0 { return order }
        if keyBytes <= Self.prefixBytes || other.count <= Self.prefixBytes { return keyBytes - other.count }
        return journal.withRecord(at: place, isSealed: false) { KeyOrder.compare($0.key, other) }
    }
}
