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

    /// Gives what root has written in somebody else's store to its owner, where a command must stay root to the end: its
    /// other files may be root's.
    ///
    /// - Parameter beside: Files of the store that lie elsewhere, and whose they were before.
    static func giveBack(_ directory: String, beside: [String: uid_t]) {
        guard geteuid() == 0, let owner = FileFacts(directory)?.owner, owner != 0 else { return }
        var status = stat()
        guard stat(directory, &status) == 0 else { return }
        let files = Directory.files(below: directory) + beside.filter { $0.value == owner }.keys
        for file in files where FileFacts(file)?.owner == 0 {
            // One that cannot be given back is told by the doctor, and by the broker's start.
            _ = lchown(file, owner, status.st_gid)
        }
    }
}
