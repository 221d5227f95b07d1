internal import Glibc
internal import Synchronization

/// `flock(2)` on a file of the store: one process, and one open store in it, at a time.
final class DirectoryLock: Sendable {
    private let descriptor: Atomic<Int32>

    /// Takes the lock.
    ///
    /// - Throws: `busy` if someone has it.
    init(_ location: StoreLocation) throws(StoreError) {
        let descriptor = try StoreError.whileReading { () throws(EnvironmentError) in
            try PosixDisk.open(location.lockPath, O_RDWR | O_CREAT | O_CLOEXEC)
        }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            if code == EINTR { continue }
            Glibc.close(descriptor)
            if code == EWOULDBLOCK { throw .busy(directory: location.directory) }
            throw .environment(.system(call: "flock", path: location.lockPath, errno: code))
        }
        self.descriptor = Atomic(descriptor)
    }

    deinit {
        release()
    }

    /// Gives the lock back.
    func release() {
        let descriptor = descriptor.exchange(-1, ordering: .acquiringAndReleasing)
        guard descriptor >= 0 else { return }
        // Unlocked and not just closed: a child that was forked meanwhile has the same open file, and with it the lock.
        flock(descriptor, LOCK_UN)
        Glibc.close(descriptor)
    }
}
