/// A password file as its administrator sees it, for changing one line and leaving all others as they are, comments among them.
///
/// ``PasswordFile`` reads the same grammar for the broker.
public struct PasswordFileText: Sendable {
    private var lines: [[UInt8]]

    /// - Parameter bytes: the content; empty for a new file.
    public init(_ bytes: [UInt8] = []) {
        lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
    }

    /// Reads a file.
    public init(path: String) throws(MosquittoFileError) {
        self.init(try TextFile.contents(of: path))
    }

    /// The content, each line ended.
    public var bytes: [UInt8] {
        Array(lines.map { $0 + [UInt8(ascii: "\n")] }.joined())
    }

    /// Gives a user a hash: in the user's own line if there is one, else in a new one at the end.
    public mutating func set(_ userName: [UInt8], hash: String) {
        let line = userName + [UInt8(ascii: ":")] + Array(hash.utf8)
        if let index = lines.firstIndex(where: { Self.userName(in: $0) == userName }) {
            lines[index] = line
        } else {
            lines.append(line)
        }
    }

    /// Adds a line for a user, whatever others there are: a file of tokens may hold several.
    public mutating func add(_ userName: [UInt8], hash: String) {
        lines.append(userName + [UInt8(ascii: ":")] + Array(hash.utf8))
    }

    /// Removes a user, with all lines that there are of that name.
    ///
    /// - Returns: whether there was one of that name.
    public mutating func remove(_ userName: [UInt8]) -> Bool {
        let count = lines.count
        lines.removeAll { Self.userName(in: $0) == userName }
        return lines.count < count
    }

    /// Replaces what stands behind each user's colon.
    ///
    /// - Parameter replacement: gets the text as it is; `nil` leaves it.
    public mutating func replaceHashes<Failure: Error>(
        _ replacement: (ArraySlice<UInt8>) throws(Failure) -> String?
    ) throws(Failure) {
        for index in lines.indices {
            guard let userName = Self.userName(in: lines[index]),
                let colon = lines[index].firstIndex(of: UInt8(ascii: ":"))
            else { continue }
            // The password is what follows the colon to the end of the line, blanks and all.
            var text = lines[index][(colon + 1)...]
            while text.last == UInt8(ascii: "\r") { text.removeLast() }
            guard let hash = try replacement(text) else { continue }
            lines[index] = userName + [UInt8(ascii: ":")] + Array(hash.utf8)
        }
    }

    private static func userName(in line: [UInt8]) -> [UInt8]? {
        guard line.first != UInt8(ascii: "#"), let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        return Array(line[..<colon].trimmed)
    }
}
