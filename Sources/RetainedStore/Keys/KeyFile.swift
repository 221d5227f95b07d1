internal import CLMDB
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
        close(try create(temporary, with: bytes))
        guard rename(temporary, path) == 0 else { throw .system(call: "rename", path: path, errno: errno) }
        try syncDirectory(of: path)
    }

    /// Writes and syncs a new file, in the place of what a crash left under its name, and returns its descriptor.
    static func create(_ path: String, with bytes: [UInt8]) throws(EnvironmentError) -> Int32 {
        // What a crash left there goes first, so that the file's mode is ours and no link is followed.
        unlink(path)
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(call: "open", path: path, errno: errno) }
        var failure: EnvironmentError?
        bytes.withUnsafeBytes { bytes in
            do throws(EnvironmentError) {
                try write(bytes, to: descriptor, at: 0, path: path)
            } catch {
                failure = error
            }
        }
        if failure == nil, fsync(descriptor) != 0 {
            failure = .system(call: "fsync", path: path, errno: errno)
        }
        if let failure {
            close(descriptor)
            unlink(path)
            throw failure
        }
        return descriptor
    }

    /// Overwrites a file that no name leads to any more, as far as its file system overwrites in place: journals,
    /// copy-on-write and flash keep old blocks (ThreatModel.md).
    static func overwrite(_ descriptor: Int32) {
        var status = stat()
        // A file with another name is somebody's copy: a backup made of links must not be emptied with it.
        guard fstat(descriptor, &status) == 0, status.st_nlink == 0 else { return }
        let zeros = [UInt8](repeating: 0, count: Int(status.st_size))
        zeros.withUnsafeBytes { zeros in
            // Whatever fails here, the new file is in place.
            try? write(zeros, to: descriptor, at: 0, path: "")
        }
        fdatasync(descriptor)
    }

    /// Makes room on the disk for a file of so many bytes, without making the file longer; does nothing where the file
    /// system can not, or the file is a device.
    static func reserve(_ descriptor: Int32, bytes: Int, path: String) throws(EnvironmentError) {
        while latch_reserve(descriptor, off_t(bytes)) != 0 {
            let code = errno
            if code == EINTR { continue }
            if code == EOPNOTSUPP || code == ENOSYS || code == ENODEV { return }
            throw .system(call: "fallocate", path: path, errno: code)
        }
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
