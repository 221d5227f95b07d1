extension RetainedStore {
    /// The time by which messages expire, milliseconds since 1970: never less than it was before, in an earlier process
    /// neither, whatever happens to the machine's clock.
    public var nowMilliseconds: UInt64 { clock.nowMilliseconds }

    /// The same in seconds, for readers and for what a message says of its end.
    public var nowSeconds: UInt64 { clock.nowSeconds }

    /// Clears everything that has expired, now and without rests; returns when that has been done.
    ///
    /// - Throws: `failed`, `full`, `closed`.
    package func sweepExpired() throws(StoreError) {
        try checkpointer.sweepNow(self)
    }

    /// Gives the clears of a batch their versions and slots, without those whose topics have newer records than the index:
    /// for the checkpoint thread, between checkpoints, so that the overlay knows of everything that is newer.
    ///
    /// Never waits, since it may be a checkpoint that makes room.
    func orderClears(_ batch: inout StoreBatch) throws(StoreError) -> ClearOrdering {
        order.lock()
        defer { order.unlock() }
        try journal.checkState()
        if batch.keyRevision != keyring.revision { return .keysReplaced }
        let overlay = overlays.active
        guard overlays.frozen == nil, !overlays.isIndexFull, !journal.isOutOfSpace else {
            return .noRoom(isCheckpointWanted: false)
        }
        batch.removeAll { overlay.place(of: $0.token, keyBytes: $0.keyBytes) != nil }
        let count = batch.items.count
        guard count > 0 else { return .nothing }
        // Room that a publisher may need is left to publishers.
        guard overlay.count == 0 || overlay.count + count <= overlay.capacity / 2 else {
            return .noRoom(isCheckpointWanted: true)
        }
        let reservation = try journal.reserve(bytes: batch.recordBytes, count: count, isExclusive: false)
        guard let reservation else { return .noRoom(isCheckpointWanted: false) }
        enter(batch, reservation)
        return .reserved(reservation)
    }
}
