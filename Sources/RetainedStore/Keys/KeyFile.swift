internal import Glibc

/// The few things that key files need from the file system: read whole, replace whole, never half.
enum KeyFile {
    /// The bytes of a file, or `nil` if there is none.
    ///
    /// - Parameter bytesMax: What is beyond it is not read: no key file is that long.
    static func read(_ path: String, bytesMax: Int) throws(EnvironmentError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            if code == ENOENT { return nil }
            throw .system(call: "open", path: path, errno: code)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(call: "fstat", path: path, errno: errno) }
        var bytes = [UInt8](repeating: 0, count: min(Int(status.st_size), bytesMax))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled, off_t(filled))
            }
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw .system(call: "read", path: path, errno: code)
            }
            if count == 0 { break }
            filled += count
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    /// Puts `bytes` in the file's place, so that a crash leaves the old contents or the new: written to `path.new`, synced,
    /// renamed, directory synced.
    static func replace(_ path: String, with bytes: [UInt8]) throws(EnvironmentError) {
        let temporary = path + ".new"
        // What a crash left there goes first, so that the file's mode is ours and no link is followed.
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(call: "open", path: temporary, errno: errno) }
        var failure: EnvironmentError?
        bytes.withUnsafeBytes { bytes in
            do throws(EnvironmentError) {
                try write(bytes, to: descriptor, at: 0, path: temporary)
            } catch {
                failure = error
            }
        }
        if failure == nil, fsync(descriptor) != 0 {
            failure = .system(call: "fsync", path: temporary, errno: errno)
        }
        close(descriptor)
        if let failure {
            unlink(temporary)
            throw failure
        }
        guard rename(temporary, path) == 0 else { throw .system(call: "rename", path: path, errno: errno) }
        try syncDirectory(of: path)
    }

    /// Writes all bytes at `offset`.
    static func write(
        _ bytes: UnsafeRawBufferPointer,
        to descriptor: Int32,
        at offset: Int,
        path: String
    ) throws(EnvironmentError) {
        var written = 0
        while written < bytes.count {
            let count = pwrite(
                descriptor,
                bytes.baseAddress?.advanced(by: written),
                bytes.count - written,
                off_t(offset + written)
            )
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw .system(call: "write", path: path, errno: code)
            }
            written += count
        }
    }

    /// Makes the names in the file's directory durable.
    static func syncDirectory(of path: String) throws(EnvironmentError) {
        let directory =
            switch path.lastIndex(of: "/") {
            case .none: "."
            case .some(path.startIndex): "/"
            case .some(let slash): String(path[..<slash])
            }
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(call: "open", path: directory, errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system(call: "fsync", path: directory, errno: errno) }
    }
}
