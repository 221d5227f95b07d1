internal import Glibc

/// Rewrites the index file of a store that nobody has open, so that it holds nothing but what is in it.
///
/// The copy is synced and compared with the old file, and put into its place by one rename; whoever crashes in between has
/// the old file or the new one, both whole (CrashModel.md). For whoever holds the store's lock.
struct IndexCompaction {
    private let location: StoreLocation
    private let limits: StoreLimits
    private let file: IndexCopyFile

    init(_ options: StoreOptions) {
        location = options.location
        limits = options.limits
        file = IndexCopyFile(location)
    }

    /// - Parameter progress: Called after some thousand records each.
    func run(_ progress: (CompactionProgress) -> Void) throws(StoreError) -> CompactionReport {
        let report: CompactionReport
        do throws(StoreError) {
            try StoreError.whileReading { () throws(EnvironmentError) in try file.create() }
            let recordCount = try fill(progress)
            report = try StoreError.whileReading { () throws(EnvironmentError) in
                let bytes = try file.bytes()
                // A copy that saves nothing is no reason to touch the file.
                let isSmaller = bytes.copy < bytes.index
                if isSmaller {
                    try file.takePlace()
                    try PosixDisk().syncDirectory(location.indexPath)
                }
                return CompactionReport(
                    bytesBefore: bytes.index,
                    bytesAfter: isSmaller ? bytes.copy : bytes.index,
                    recordCount: recordCount
                )
            }
        } catch {
            try? file.remove()
            throw error
        }
        try StoreError.whileReading { () throws(EnvironmentError) in try file.remove() }
        return report
    }

    /// Returns the number of records, all of which have been compared.
    private func fill(_ progress: (CompactionProgress) -> Void) throws(StoreError) -> UInt64 {
        do throws(IndexError) {
            // The store's lock is held, so LMDB's own is not needed.
            let index = try IndexEnvironment(path: location.indexPath, limits: limits, access: .readOnly)
            defer { index.close() }
            let copied = try IndexEnvironment(path: location.indexPath, limits: limits, access: .copy)
            defer { copied.close() }
            let copy = try IndexCopy(of: index, to: copied, limits: limits)
            while try !copy.step() { progress(copy.progress) }
            try copy.finish()
            return copy.progress.doneCount
        } catch {
            throw Self.storeError(error, file)
        }
    }

    /// What went wrong, as a store that writes nothing else says it.
    static func storeError(_ error: IndexError, _ file: IndexCopyFile) -> StoreError {
        if case .full = error { return .environment(.system(call: "write", path: file.path, errno: ENOSPC)) }
        return error.storeError(path: file.path)
    }
}
