import Glibc

/// Directories, as far as commands need them.
enum Directory {
    /// The directory that a path lies in.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The absolute path of a directory that exists or whose parent does, without links, `.` and `..`.
    static func absolute(_ path: String) -> String {
        if let resolved = resolved(path) { return resolved }
        let trimmed = String(path.reversed().drop { $0 == "/" }.reversed())
        let name = trimmed.split(separator: "/").last ?? ""
        return (resolved(parent(of: trimmed)) ?? parent(of: trimmed)) + "/" + name
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Creates the directory that a path will lie in, with all above it, mode 0700.
    static func createParents(of path: String) throws(CommandFailure) {
        try create(parent(of: path))
    }

    /// Creates a directory with all above it, mode 0700; one that exists is left as it is.
    static func create(_ path: String) throws(CommandFailure) {
        if path == "/" || path == "." || exists(path) { return }
        try create(parent(of: path))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw CommandFailure(.inputOutput, "cannot create \(path): \(String(cString: strerror(errno)))")
        }
    }

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Makes a rename or a creation in the directory durable.
    static func sync(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }

    /// The regular files below a directory, at any depth; symbolic links are not followed.
    static func files(below path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var found: [String] = []
        while let entry = readdir(stream) {
            let name = name(of: entry)
            if name == "." || name == ".." { continue }
            let child = "\(path)/\(name)"
            var status = stat()
            guard lstat(child, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFREG: found.append(child)
            case S_IFDIR: found += files(below: child)
            default: break
            }
        }
        return found.sorted()
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
    }

    /// Removes a directory with everything below it; symbolic links are removed, not followed.
    static func remove(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0, let stream = fdopendir(descriptor) else {
            if descriptor >= 0 { close(descriptor) }
            unlink(path)
            return
        }
        while let entry = readdir(stream) {
            let name = name(of: entry)
            if name == "." || name == ".." { continue }
            let child = "\(path)/\(name)"
            if unlink(child) != 0 { remove(child) }
        }
        closedir(stream)
        rmdir(path)
    }
}
