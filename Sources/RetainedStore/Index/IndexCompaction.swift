internal import CLMDB
internal import Glibc

/// Rewrites the index file so that it holds nothing but what is in it, in the order of its keys.
///
/// LMDB never gives space back: pages that a clear or a rewrite freed stay in the file for later ones, and pages that are
/// half empty stay so, which `mdb_env_copy2` would copy as they are. So every record is put anew, one behind the other, into
/// a file beside it, which is synced, compared with the old one record by record, and put into its place by one rename;
/// whoever crashes in between has the old file or the new one, both whole (CrashModel.md). For whoever holds the store's
/// lock.
struct IndexCompaction {
    private let location: StoreLocation
    private let limits: StoreLimits

    init(_ options: StoreOptions) {
        location = options.location
        limits = options.limits
    }

    private static let copyName = "compacting.mdb"

    private var dataPath: String { location.indexPath + "/" + IndexEnvironment.dataName }
    private var copyPath: String { Self.copyPath(location) }

    private static func copyPath(_ location: StoreLocation) -> String { location.indexPath + "/" + copyName }

    /// Removes the copy that an interrupted compaction left.
    static func removeUnfinished(_ location: StoreLocation) throws(EnvironmentError) {
        let path = copyPath(location)
        guard unlink(path) != 0, errno != ENOENT else { return }
        throw .system("unlink", path)
    }

    /// - Parameter progress: Called with the records compared, of all.
    func run(_ progress: (VerificationProgress) -> Void) throws(StoreError) -> CompactionReport {
        try StoreError.whileReading { () throws(EnvironmentError) in try Self.removeUnfinished(location) }
        var report = CompactionReport(bytesBefore: try bytes(of: dataPath), bytesAfter: 0, recordCount: 0)
        do throws(StoreError) {
            try copy()
            report.recordCount = try compare(progress)
            report.bytesAfter = try bytes(of: copyPath)
            // A copy that saves nothing is no reason to touch the file.
            guard report.bytesAfter < report.bytesBefore else {
                try StoreError.whileReading { () throws(EnvironmentError) in try Self.removeUnfinished(location) }
                report.bytesAfter = report.bytesBefore
                return report
            }
            try replace()
        } catch {
            unlink(copyPath)
            throw error
        }
        return report
    }

    private func bytes(of path: String) throws(StoreError) -> UInt64 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .environment(.system("stat", path)) }
        return UInt64(status.st_size)
    }

    /// Writes the new file and syncs it, with the owner and the mode of the file that it is to replace.
    private func copy() throws(StoreError) {
        let descriptor = try StoreError.whileReading { () throws(EnvironmentError) in try createCopy() }
        defer { close(descriptor) }
        let old = try open(dataPath, MDB_RDONLY)
        defer { mdb_env_close(old) }
        // NOSYNC: nobody reads the file before it is synced as a whole.
        let new = try open(copyPath, MDB_NOSYNC)
        defer { mdb_env_close(new) }
        do throws(IndexError) {
            for database in Self.databases { try Self.copy(database, from: old, to: new) }
            try IndexError.check("mdb_env_sync", mdb_env_sync(new, 1), path: copyPath)
        } catch {
            guard case .full = error else { throw error.storeError(path: copyPath) }
            throw .environment(.system(call: "write", path: copyPath, errno: ENOSPC))
        }
        guard fsync(descriptor) == 0 else { throw .environment(.system("fsync", copyPath)) }
    }

    private static let databases = ["meta", "retained"]

    /// Records that one transaction puts: its dirty pages are memory.
    private static let transactionRecords = 20_000

    private func createCopy() throws(EnvironmentError) -> Int32 {
        let descriptor = try PosixDisk.open(copyPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC)
        var status = stat()
        // Whoever compacts as root must not lock the broker's account out.
        guard stat(dataPath, &status) == 0, fchown(descriptor, status.st_uid, status.st_gid) == 0,
            fchmod(descriptor, status.st_mode & 0o777) == 0
        else {
            defer { close(descriptor) }
            throw .system("fchown", copyPath)
        }
        return descriptor
    }

    /// Appends every record of a database, in the order of the keys, so that each page is filled before the next begins.
    private static func copy(
        _ database: String,
        from old: OpaquePointer,
        to new: OpaquePointer
    ) throws(IndexError) {
        let walk = try DatabaseWalk(old, database)
        var isFinished = false
        while !isFinished {
            var transaction: OpaquePointer?
            try IndexError.check("mdb_txn_begin", mdb_txn_begin(new, nil, 0, &transaction))
            do throws(IndexError) {
                var handle: MDB_dbi = 0
                try IndexError.check("mdb_dbi_open", mdb_dbi_open(transaction, database, UInt32(MDB_CREATE), &handle))
                var count = 0
                while count < transactionRecords, let item = try walk.next() {
                    var key = MDB_val(item.key)
                    var value = MDB_val(item.value)
                    try IndexError.check("mdb_put", mdb_put(transaction, handle, &key, &value, UInt32(MDB_APPEND)))
                    count += 1
                }
                isFinished = count < transactionRecords
            } catch {
                mdb_txn_abort(transaction)
                throw error
            }
            try IndexError.check("mdb_txn_commit", mdb_txn_commit(transaction))
        }
    }

    /// Reads both files side by side: what is to be thrown away is thrown away only once the other is known to be as good.
    ///
    /// - Returns: The number of records.
    private func compare(_ progress: (VerificationProgress) -> Void) throws(StoreError) -> UInt64 {
        let old = try open(dataPath, MDB_RDONLY)
        defer { mdb_env_close(old) }
        let new = try open(copyPath, MDB_RDONLY)
        defer { mdb_env_close(new) }
        do throws(IndexError) {
            var count: UInt64 = 0
            for database in Self.databases {
                let walk = try DatabaseWalk(old, database)
                let other = try DatabaseWalk(new, database)
                count = 0
                while true {
                    let (item, otherItem) = (try walk.next(), try other.next())
                    guard let item, let otherItem else {
                        if item == nil, otherItem == nil { break }
                        throw .damaged(code: MDB_CORRUPTED)
                    }
                    guard Self.areEqual(item.key, otherItem.key), Self.areEqual(item.value, otherItem.value) else {
                        throw .damaged(code: MDB_CORRUPTED)
                    }
                    count += 1
                    if count % 4_096 == 0 {
                        let total = max(count, walk.recordCount)
                        progress(VerificationProgress(part: .index, doneCount: count, totalCount: total))
                    }
                }
            }
            return count
        } catch {
            throw error.storeError(path: copyPath)
        }
    }

    private static func areEqual(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        guard one.count == other.count else { return false }
        guard let base = one.baseAddress, let otherBase = other.baseAddress else { return one.count == 0 }
        return memcmp(base, otherBase, one.count) == 0
    }

    /// Puts the copy into the file's place, durably.
    private func replace() throws(StoreError) {
        try StoreError.whileReading { () throws(EnvironmentError) in
            let disk = PosixDisk()
            try disk.rename(copyPath, to: dataPath)
            try disk.syncDirectory(location.indexPath)
        }
    }

    /// Opens a file of LMDB's; the store's lock is held, so LMDB's own is not needed.
    private func open(_ path: String, _ flags: Int32) throws(StoreError) -> OpaquePointer {
        var created: OpaquePointer?
        do throws(IndexError) {
            try IndexError.check("mdb_env_create", mdb_env_create(&created))
            guard let environment = created else { throw .environment(.lmdb(function: "mdb_env_create", code: 0)) }
            do throws(IndexError) {
                try IndexError.check("mdb_env_set_mapsize", mdb_env_set_mapsize(environment, limits.mapBytes))
                try IndexError.check("mdb_env_set_maxdbs", mdb_env_set_maxdbs(environment, 2))
                let flags = UInt32(flags | MDB_NOSUBDIR | MDB_NOLOCK)
                try IndexError.check("mdb_env_open", mdb_env_open(environment, path, flags, 0o600), path: path)
            } catch {
                mdb_env_close(environment)
                throw error
            }
            return environment
        } catch {
            throw error.storeError(path: path)
        }
    }
}
