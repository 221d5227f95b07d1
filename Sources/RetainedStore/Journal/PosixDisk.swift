internal import Glibc

/// The operating system's file system.
package struct PosixDisk: JournalDisk {
    package init() {}

    package func open(_ path: String, creating: Bool) throws(EnvironmentError) -> any JournalFile {
        try openFile(path, creating: creating)
    }

    /// The same, typed.
    func openFile(_ path: String, creating: Bool) throws(EnvironmentError) -> PosixFile {
        let flags = O_RDWR | O_CLOEXEC | (creating ? O_CREAT : 0)
        return PosixFile(path: path, descriptor: try Self.open(path, flags))
    }

    package func names(in directory: String) throws(EnvironmentError) -> [String] {
        guard let stream = opendir(directory) else { throw .system("opendir", directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw .system("readdir", directory) }
                return names
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
    }

    package func rename(_ path: String, to newPath: String) throws(EnvironmentError) {
        guard Glibc.rename(path, newPath) == 0 else { throw .system("rename", path) }
    }

    package func remove(_ path: String) throws(EnvironmentError) {
        guard unlink(path) == 0 else { throw .system("unlink", path) }
    }

    package func syncDirectory(_ path: String) throws(EnvironmentError) {
        let descriptor = try Self.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("fsync", path) }
    }

    /// Opens a path, mode 0600 where this creates it.
    static func open(_ path: String, _ flags: Int32) throws(EnvironmentError) -> Int32 {
        while true {
            let descriptor = Glibc.open(path, flags, 0o600)
            if descriptor >= 0 { return descriptor }
            if errno != EINTR { throw .system("open", path) }
        }
    }
}
