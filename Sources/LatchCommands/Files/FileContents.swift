import Glibc

/// Whole files and standard input, as bytes.
enum FileContents {
    /// Stands for standard input where a file is asked for.
    static let standardInput = "-"

    /// - Throws: ``CommandFailure`` with ``ExitStatus/usage`` where there is no such file, with ``ExitStatus/inputOutput``
    ///   where it cannot be read.
    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        if path == standardInput { return try read(STDIN_FILENO, "standard input") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        return try read(descriptor, path)
    }

    /// The first bytes of a file; fewer if it is shorter.
    static func prefix(_ count: Int, of path: String) throws(CommandFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        return try read(descriptor, path, bytesMax: count)
    }

    /// When a file was last written, seconds since 1970; `nil` where there is none.
    static func modificationSeconds(of path: String) -> UInt64? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return UInt64(clamping: status.st_mtim.tv_sec)
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func read(
        _ descriptor: Int32,
        _ name: String,
        bytesMax: Int = .max
    ) throws(CommandFailure) -> [UInt8] {
        var contents: [UInt8] = []
        while contents.count < bytesMax {
            var failure: Int32 = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: min(1 << 20, bytesMax - contents.count)) { buffer, count in
                let result = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                failure = result < 0 ? errno : 0
                count = max(result, 0)
            }
            if failure == EINTR { continue }
            guard failure == 0 else { throw self.failure(name, failure) }
            if chunk.isEmpty { break }
            contents += chunk
        }
        return contents
    }

    private static func failure(_ path: String, _ code: Int32 = errno) -> CommandFailure {
        let reason = String(cString: strerror(code))
        return CommandFailure(code == ENOENT ? .usage : .inputOutput, "cannot read \(path): \(reason)")
    }
}
