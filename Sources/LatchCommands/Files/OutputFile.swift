import Glibc

/// A new file that appears under its name when it is whole and on the disk, readable by its owner only; or standard output.
final class OutputFile {
    private static let bufferBytesMax = 1 << 20

    private let path: String?
    private let temporaryPath: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []

    /// - Parameter path: `nil` or `-`: standard output.
    /// - Throws: ``CommandFailure`` where a file of the name exists or none can be written.
    init(_ path: String?) throws(CommandFailure) {
        guard let path, path != FileContents.standardInput else {
            self.path = nil
            temporaryPath = ""
            descriptor = STDOUT_FILENO
            return
        }
        guard !Directory.exists(path) else {
            throw CommandFailure(.usage, "\(path) exists already: name another file, or remove it first")
        }
        self.path = path
        temporaryPath = path + ".new"
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(temporaryPath) }
    }

    deinit {
        // Not finished: what is there is not whole.
        if path != nil, descriptor >= 0 {
            close(descriptor)
            unlink(temporaryPath)
        }
    }

    func write(_ bytes: [UInt8]) throws(CommandFailure) {
        buffer += bytes
        if buffer.count >= Self.bufferBytesMax { try flush() }
    }

    /// Writes over bytes at the beginning of a file.
    func overwriteStart(_ bytes: [UInt8]) throws(CommandFailure) {
        try flush()
        guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else { throw Self.failure(temporaryPath) }
    }

    /// Makes the file durable and gives it its name.
    func finish() throws(CommandFailure) {
        try flush()
        guard let path else { return }
        guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0, Directory.sync(Directory.parent(of: path))
        else {
            throw Self.failure(path)
        }
        close(descriptor)
        descriptor = -1
    }

    private func flush() throws(CommandFailure) {
        var rest = buffer[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(path ?? "standard output") }
            rest = rest.dropFirst(count)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure(.inputOutput, "cannot write \(path): \(String(cString: strerror(errno)))")
    }
}
