import CMalloc

/// What the process has allocated from the heap, as mosquitto counts its own: not what the kernel holds in memory for it, which
/// includes code, the journal's mapped segments and the index's cached pages.
struct HeapUse {
    /// Bytes in use when it was last measured.
    private(set) var bytes = 0
    /// The most that a measurement has found.
    private(set) var bytesMaximum = 0

    /// Asks the allocator (mallinfo(3)), of all its arenas.
    mutating func measure() {
        let information = mallinfo2()
        bytes = information.uordblks + information.hblkhd
        bytesMaximum = max(bytesMaximum, bytes)
    }
}
