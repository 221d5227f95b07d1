import Glibc

/// Reads and replaces a record's file.
enum RecordFile {
    /// The record in the file; `nil` if there is no such file.
    static func read(path: String) throws(LoadFailure) -> AcknowledgementRecord? {
        guard let text = try text(path: path) else { return nil }
        return try AcknowledgementRecord(text: text, path: path)
    }

    /// A file as text; `nil` if there is none.
    static func text(path: String) throws(LoadFailure) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw .file(path: path, errno: errno)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw .file(path: path, errno: errno) }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes the record beside the file and puts it in its place, so that an interrupted write leaves the old one.
    static func write(_ record: AcknowledgementRecord, path: String) throws(LoadFailure) {
        try write(text: record.text, path: path)
    }

    /// The same for any text.
    static func write(text: String, path: String) throws(LoadFailure) {
        let newPath = path + ".new"
        let descriptor = open(newPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(path: newPath, errno: errno) }
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress!, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .file(path: newPath, errno: errno) }
            rest = rest.dropFirst(count)
        }
        guard rename(newPath, path) == 0 else { throw .file(path: path, errno: errno) }
    }
}
