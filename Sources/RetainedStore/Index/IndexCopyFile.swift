internal import Glibc

/// The file beside the index that a compaction fills, and that then takes the index's place (CrashModel.md).
struct IndexCopyFile {
    static let name = "compacting.mdb"

    private let location: StoreLocation

    init(_ location: StoreLocation) {
        self.location = location
    }

    var path: String { location.indexPath + "/" + Self.name }
    private var lockPath: String { path + "-lock" }
    private var dataPath: String { location.indexPath + "/" + IndexEnvironment.dataName }

    /// Makes the file, empty, with the owner and the mode of the one that it is to replace.
    func create() throws(EnvironmentError) {
        try remove()
        let descriptor = try PosixDisk.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC)
        defer { close(descriptor) }
        var status = stat()
        // Whoever compacts as root must not lock the broker's account out.
        guard stat(dataPath, &status) == 0, fchown(descriptor, status.st_uid, status.st_gid) == 0,
            fchmod(descriptor, status.st_mode & 0o777) == 0
        else {
            throw .system("fchown", path)
        }
        guard fsync(descriptor) == 0 else { throw .system("fsync", path) }
    }

    /// Removes what a compaction left that did not come to its end.
    func remove() throws(EnvironmentError) {
        for path in [path, lockPath] {
            guard unlink(path) != 0, errno != ENOENT else { continue }
            throw .system("unlink", path)
        }
    }

    /// Gives the copy the index's name; durably so once the directory has been synced.
    func takePlace() throws(EnvironmentError) {
        try PosixDisk().rename(path, to: dataPath)
    }

    /// Gives LMDB's lock file of the copy, which is in use, the name that LMDB's own tools look for.
    ///
    /// Nothing depends on it: whoever opens a store makes a lock file anew, and removes one that has the old name.
    func renameLock() {
        rename(lockPath, location.indexPath + "/lock.mdb")
    }

    /// Bytes of the copy, and of the index.
    func bytes() throws(EnvironmentError) -> (copy: UInt64, index: UInt64) {
        (try Self.bytes(path), try Self.bytes(dataPath))
    }

    private static func bytes(_ path: String) throws(EnvironmentError) -> UInt64 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .system("stat", path) }
        return UInt64(status.st_size)
    }

    /// Bytes that this user may still write where the index is.
    func freeBytes() throws(EnvironmentError) -> UInt64 {
        var status = statvfs()
        guard statvfs(location.indexPath, &status) == 0 else { throw .system("statvfs", location.indexPath) }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }
}
