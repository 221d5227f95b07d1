import Glibc

/// The user that a store belongs to.
enum StoreOwner {
    /// Becomes that user, where root runs a command on a store that is not root's: what the command writes, the broker must
    /// be able to use afterwards.
    ///
    /// After the key has been read, which root may be the only one to read.
    static func become(of directory: String) throws(CommandFailure) {
        var status = stat()
        guard geteuid() == 0, stat(directory, &status) == 0, status.st_uid != 0 else { return }
        guard setgroups(0, nil) == 0, setgid(status.st_gid) == 0, setuid(status.st_uid) == 0 else {
            throw CommandFailure(
                .inputOutput,
                "cannot become user \(status.st_uid), who owns \(directory): \(String(cString: strerror(errno)))"
            )
        }
    }
}
