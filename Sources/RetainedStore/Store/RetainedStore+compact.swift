extension RetainedStore {
    /// Brings the index file of a store that nobody has open back to its smallest, crash-safe.
    ///
    /// Needs no key: records stay sealed. Needs as much free space on the index's file system as the result will take.
    /// What the journal holds and the index does not have yet stays in the journal.
    ///
    /// - Parameter progress: Called now and then.
    /// - Throws: `missing`, `busy`, `header`, `damaged`, `environment` (a full disk among other things); the index is then
    ///   as it was.
    public static func compact(
        _ options: StoreOptions,
        progress: (CompactionProgress) -> Void = { _ in }
    ) throws(StoreError) -> CompactionReport {
        let location = options.location
        guard exists(at: location) else { throw .missing(directory: location.directory) }
        let lock = try DirectoryLock(location)
        defer { lock.release() }
        do throws(StoreHeaderError) {
            // A format of another version may mean something else by its files.
            _ = try StoreHeader.read(from: location.headerPath)
        } catch {
            throw StoreError(error, directory: location.directory)
        }
        return try IndexCompaction(options).run(progress)
    }

    /// Brings the index file back to its smallest while the store is being read and written, crash-safe.
    ///
    /// The index is written anew beside itself, between checkpoints and with pauses, compared, and replaced in one step;
    /// needs as much free space as the result will take and two segments of the journal besides, and a few megabytes of
    /// memory. Blocks until that is done: never on an event loop. Who asks while one is under way waits for that one.
    ///
    /// - Parameters:
    ///   - isPaced: Whether it pauses three times as long as it works.
    ///   - progress: Called ten times a second.
    /// - Throws: `full` or `environment` without enough space, `damaged`; the index is then as it was and the store goes on.
    ///   `failed`, `closed`.
    public func compact(
        isPaced: Bool = true,
        progress: (CompactionProgress) -> Void = { _ in }
    ) throws(StoreError) -> CompactionReport {
        try checkpointer.runCompaction(self, isPaced: isPaced, progress)
    }

    /// How far the compaction under way has come; nil if there is none.
    public var compactionProgress: CompactionProgress? {
        order.withLock { checkpointer.compaction?.progress }
    }
}
