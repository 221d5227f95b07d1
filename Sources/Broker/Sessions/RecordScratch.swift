/// Memory for the states of session records until their batch has been committed; used again and again.
///
/// Not for two threads at once.
final class RecordScratch {
    private static let blockBytes = 1 << 16

    private var blocks: [UnsafeMutableRawBufferPointer] = []
    private var block = 0
    private var used = 0

    deinit {
        for block in blocks { block.deallocate() }
    }

    /// Memory that stays until `removeAll`.
    ///
    /// - Parameter count: At most 65,535, as much as a record's state may have.
    func take(_ count: Int) -> UnsafeMutableRawBufferPointer {
        precondition(count <= Self.blockBytes, "a state of more than 65,535 bytes")
        if block < blocks.count, used + count > Self.blockBytes {
            block += 1
            used = 0
        }
        if block == blocks.count { blocks.append(.allocate(byteCount: Self.blockBytes, alignment: 16)) }
        defer { used += count }
        return UnsafeMutableRawBufferPointer(rebasing: blocks[block][used..<used + count])
    }

    /// Takes everything back; one block is kept.
    func removeAll() {
        while blocks.count > 1 { blocks.removeLast().deallocate() }
        block = 0
        used = 0
    }
}
