/// A password file: user names with their hashes, one `NAME:HASH` per line.
///
/// A comment has its `#` in the first column. A line without a colon says nothing, and is skipped with a warning, as in
/// mosquitto. A line with a colon that cannot be used, and a name that stands twice, end the start of the broker.
public struct PasswordFile<Hash: Sendable>: Sendable {
    /// One user.
    public struct Entry: Sendable {
        public var userName: [UInt8]
        public var hash: Hash
        public var location: SourceLocation
    }

    /// In file order; no name stands twice.
    public var entries: [Entry]
    /// Lines that are skipped.
    public var warnings: [MosquittoFileWarning]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: relative paths start at the working directory.
    ///   - hash: makes a hash of the text behind the colon; what it throws is reported with the line's place, and its
    ///     description must not repeat the text.
    public static func read(
        path: String,
        hash: ([UInt8]) throws -> Hash
    ) throws(MosquittoFileError) -> PasswordFile {
        try PasswordFile(TextFile(path: path), hash)
    }

    /// Reads the content of a file.
    ///
    /// - Parameters:
    ///   - name: what errors call the file.
    ///   - hash: see ``read(path:hash:)``.
    public static func parse(
        _ bytes: [UInt8],
        name: String,
        hash: ([UInt8]) throws -> Hash
    ) throws(MosquittoFileError) -> PasswordFile {
        try PasswordFile(TextFile(name: name, bytes: bytes), hash)
    }

    private init(_ file: TextFile, _ hash: ([UInt8]) throws -> Hash) throws(MosquittoFileError) {
        var entries: [Entry] = []
        var warnings: [MosquittoFileWarning] = []
        var locations: [[UInt8]: SourceLocation] = [:]
        for line in file.lines where line.bytes.first != UInt8(ascii: "#") {
            guard let colon = line.bytes.firstIndex(of: UInt8(ascii: ":")) else {
                if !line.bytes.trimmed.isEmpty {
                    warnings.append(MosquittoFileWarning(at: line.location, "a line without a colon is skipped"))
                }
                continue
            }
            let name = Array(line.bytes[..<colon].trimmed)
            let text = Array(line.bytes[(colon + 1)...].trimmed)
            guard !name.isEmpty, name.count <= Int(UInt16.max) else {
                throw MosquittoFileError(
                    .malformed,
                    at: line.location,
                    name.isEmpty ? "the user name is empty" : "the user name is longer than 65535 bytes",
                    remedy: "write NAME:HASH, or make the line a comment"
                )
            }
            if let earlier = locations.updateValue(line.location, forKey: name) {
                throw MosquittoFileError(
                    .malformed,
                    at: line.location,
                    "this user already has a password at \(earlier)",
                    remedy: "keep one of the two lines"
                )
            }
            let made: Hash
            do {
                made = try hash(text)
            } catch {
                throw MosquittoFileError(
                    .malformed,
                    at: line.location,
                    "\(error)",
                    remedy: "set the password again with mosquitto_passwd"
                )
            }
            entries.append(Entry(userName: name, hash: made, location: line.location))
        }
        self.entries = entries
        self.warnings = warnings
    }
}
