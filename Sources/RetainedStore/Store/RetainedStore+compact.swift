extension RetainedStore {
    /// Brings the index file of a store that nobody has open back to its smallest, crash-safe.
    ///
    /// Needs no key: records stay sealed. Needs as much free space on the index's file system as the result will take.
    /// What the journal holds and the index does not have yet stays in the journal.
    ///
    /// - Parameter progress: Called now and then while the new file is compared with the old one.
    /// - Throws: `missing`, `busy`, `header`, `damaged`, `environment` (a full disk among other things); the index is then
    ///   as it was.
    public static func compact(
        _ options: StoreOptions,
        progress: (VerificationProgress) -> Void = { _ in }
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
}
