import Glibc

/// The lines of a text file with their numbers, as bytes, because mosquitto's files promise no encoding.
struct TextFile {
    /// The largest file that is read: far beyond any list that a person or a script keeps, and small enough to hold.
    static let bytesMax = 64 << 20

    /// One line without its line ending.
    struct Line {
        var bytes: ArraySlice<UInt8>
        var location: SourceLocation
    }

    let name: String
    let lines: [Line]

    /// - Throws: if a line holds a NUL byte, at which mosquitto would silently stop reading the line.
    init(name: String, bytes: [UInt8]) throws(MosquittoFileError) {
        self.name = name
        var lines: [Line] = []
        var number = 0
        for var line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            while line.last == UInt8(ascii: "\r") { line.removeLast() }
            let location = SourceLocation(file: name, line: number)
            guard !line.contains(0) else {
                throw MosquittoFileError(
                    .malformed,
                    at: location,
                    "the line holds a NUL byte",
                    remedy: "save the file as plain UTF-8 text"
                )
            }
            lines.append(Line(bytes: line, location: location))
        }
        self.lines = lines
    }

    /// Reads a whole file; relative paths start at the working directory.
    init(path: String) throws(MosquittoFileError) {
        try self.init(name: path, bytes: Self.contents(of: path))
    }

    /// The bytes of a whole file.
    static func contents(of path: String) throws(MosquittoFileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path) }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            let location = SourceLocation(file: path, line: 0)
            throw MosquittoFileError(.unreadable, at: location, "this is a directory", remedy: "name a file")
        }
        var contents: [UInt8] = []
        while true {
            let (chunk, failure) = readChunk(descriptor)
            if failure == EINTR { continue }
            guard failure == 0 else { throw unreadable(path, failure) }
            if chunk.isEmpty { return contents }
            contents += chunk
            guard contents.count <= bytesMax else {
                throw MosquittoFileError(
                    .unreadable,
                    at: SourceLocation(file: path, line: 0),
                    "the file is larger than \(bytesMax >> 20) MiB",
                    remedy: "check that the path names the right file"
                )
            }
        }
    }

    private static func readChunk(_ descriptor: Int32) -> (bytes: [UInt8], failure: Int32) {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
            let result = read(descriptor, buffer.baseAddress, buffer.count)
            failure = result < 0 ? errno : 0
            count = max(result, 0)
        }
        return (bytes, failure)
    }

    static func unreadable(_ path: String, _ failure: Int32 = errno) -> MosquittoFileError {
        MosquittoFileError(
            .unreadable,
            at: SourceLocation(file: path, line: 0),
            "cannot be read: \(String(cString: strerror(failure)))",
            remedy: "check the path and its permissions"
        )
    }
}
