/// A file of API tokens: user names with what is kept of their tokens, one `NAME:sha256:HEX` per line, several for a user who has several.
///
/// A comment has its `#` in the first column. Any other line that cannot be used ends the start of the broker.
public struct TokenFile<Token: Sendable>: Sendable {
    /// In file order.
    public var tokens: [Token]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: relative paths start at the working directory.
    ///   - token: makes a token of the name and of the text behind the colon; `nil` for what cannot be used.
    public static func read(
        path: String,
        token: (_ name: [UInt8], _ text: [UInt8]) -> Token?
    ) throws(MosquittoFileError) -> TokenFile {
        try TokenFile(TextFile(path: path), token)
    }

    /// Reads the content of a file.
    ///
    /// - Parameters:
    ///   - name: what errors call the file.
    ///   - token: see ``read(path:token:)``.
    public static func parse(
        _ bytes: [UInt8],
        name: String,
        token: (_ name: [UInt8], _ text: [UInt8]) -> Token?
    ) throws(MosquittoFileError) -> TokenFile {
        try TokenFile(TextFile(name: name, bytes: bytes), token)
    }

    private init(_ file: TextFile, _ token: ([UInt8], [UInt8]) -> Token?) throws(MosquittoFileError) {
        tokens = []
        for line in file.lines where line.bytes.first != UInt8(ascii: "#") && !line.bytes.trimmed.isEmpty {
            let colon = line.bytes.firstIndex(of: UInt8(ascii: ":")) ?? line.bytes.endIndex
            let name = Array(line.bytes[..<colon].trimmed)
            guard let token = token(name, Array(line.bytes[colon...].dropFirst().trimmed)) else {
                throw MosquittoFileError(
                    .malformed,
                    at: line.location,
                    "this is no API token, or its user name is empty or holds one of / + # $",
                    remedy: "write NAME:sha256:HEX, as latch token does, or make the line a comment"
                )
            }
            tokens.append(token)
        }
    }
}
