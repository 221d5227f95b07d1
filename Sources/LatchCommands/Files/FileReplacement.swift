import Glibc

/// Puts other contents in a file's place at once: whoever reads it, a broker after SIGHUP for instance, sees the old file or the new one.
enum FileReplacement {
    /// Writes a file beside the old one, syncs it, and renames it; owner and permissions stay what they were, and are 0600 for a new file.
    ///
    /// - Throws: ``CommandFailure`` with ``ExitStatus/inputOutput``; the old file is then as it was.
    static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        // A link stays a link: what it leads to is replaced.
        let target = Directory.exists(path) ? Directory.absolute(path) : path
        var template = Array("\(target).XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure(path) }
        let temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { close(descriptor) }
        guard takeAttributes(descriptor, of: target), writeAll(bytes, descriptor), fsync(descriptor) == 0,
            rename(temporary, target) == 0, Directory.sync(Directory.parent(of: target))
        else {
            let failure = failure(path)
            unlink(temporary)
            throw failure
        }
    }

    private static func takeAttributes(_ descriptor: Int32, of path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return errno == ENOENT }
        // Only root may give a file away; whoever else may write here keeps his own.
        if fchown(descriptor, status.st_uid, status.st_gid) != 0, errno != EPERM { return false }
        return fchmod(descriptor, status.st_mode & 0o777) == 0
    }

    private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure(.inputOutput, "cannot write \(path): \(String(cString: strerror(errno)))")
    }
}
