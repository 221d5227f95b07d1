import Glibc

/// A stream socket in a store's directory, whatever the length of the path: `sun_path` has room for 107 bytes only, so the
/// directory is named by a descriptor.
enum LocalSocket {
    /// The socket's name in the store's directory.
    static let name = "admin.sock"

    /// Connects to whoever listens in a store; `nil` if nobody does.
    ///
    /// - Throws: ``CommandFailure`` where somebody listens and does not let this process in.
    static func connect(in directory: String) throws(CommandFailure) -> Int32? {
        let (status, descriptor) = withAddress(in: directory) { descriptor, address, length in
            Glibc.connect(descriptor, address, length)
        }
        guard let descriptor else { return nil }
        if status == 0 { return descriptor }
        let code = errno
        close(descriptor)
        switch code {
        case ENOENT, ECONNREFUSED, ENOTDIR: return nil
        default:
            throw CommandFailure(
                .inputOutput,
                "cannot reach the broker at \(directory)/\(name): \(String(cString: strerror(code)))"
            )
        }
    }

    /// Whether somebody listens in a store.
    static func isListening(in directory: String) throws(CommandFailure) -> Bool {
        guard let descriptor = try connect(in: directory) else { return false }
        close(descriptor)
        return true
    }

    /// Listens in a store, for the owner only; the caller holds the store's lock, so that what has the name now is a dead
    /// process's.
    static func listen(in directory: String) throws(CommandFailure) -> Int32 {
        unlink(directory + "/" + name)
        let (status, descriptor) = withAddress(in: directory) { descriptor, address, length in
            // Nobody can connect before `listen`.
            bind(descriptor, address, length)
        }
        guard let descriptor, status == 0, chmod(directory + "/" + name, 0o600) == 0,
            Glibc.listen(descriptor, 8) == 0
        else {
            let reason = String(cString: strerror(errno))
            if let descriptor { close(descriptor) }
            throw CommandFailure(.inputOutput, "cannot listen on \(directory)/\(name): \(reason)")
        }
        return descriptor
    }

    private static func withAddress(
        in directory: String,
        _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> (status: Int32, descriptor: Int32?) {
        let place = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard place >= 0 else { return (-1, nil) }
        defer { close(place) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return (-1, nil) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array("/proc/self/fd/\(place)/\(name)".utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                body(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return (status, descriptor)
    }
}
