import Glibc
import RetainedStore

/// Writes a new master key where there is none, readable by its owner only.
enum NewKeyFile {
    /// - Returns: the key that was written.
    /// - Throws: ``CommandFailure`` when the file exists already or cannot be written.
    static func create(at path: String) throws(CommandFailure) -> MasterKey {
        let key: MasterKey
        do throws(MasterKeyError) {
            key = try MasterKey.random()
        } catch {
            throw CommandFailure(.key, "no new key could be drawn: \(error)")
        }
        try Directory.createParents(of: path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        let isWritten = key.withKeyText { text in
            write(descriptor, text.baseAddress, text.count) == text.count && write(descriptor, "\n", 1) == 1
                && fsync(descriptor) == 0
        }
        guard isWritten == true, Directory.sync(Directory.parent(of: path)) else {
            let failure = failure(path)
            unlink(path)
            throw failure
        }
        return key
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure(.inputOutput, "cannot write the new master key \(path): \(String(cString: strerror(errno)))")
    }
}
