internal import Glibc

/// `flock(2)` on the store's directory: one change of `latch.store` at a time, also while a process has the store open.
///
/// On the directory and not on the file, which every change replaces.
final class HeaderLock {
    private let descriptor: Int32

    /// Waits for whoever is changing the header, which takes milliseconds, or an scrypt.
    init(_ location: StoreLocation) throws(EnvironmentError) {
        descriptor = try PosixDisk.open(location.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        while flock(descriptor, LOCK_EX) != 0 {
            if errno == EINTR { continue }
            let code = errno
            close(descriptor)
            throw .system(call: "flock", path: location.directory, errno: code)
        }
    }

    deinit {
        // Unlocked and not just closed: a child that was forked meanwhile has the same open file.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
