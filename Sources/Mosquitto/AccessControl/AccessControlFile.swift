public import MQTTProtocol

/// An `aclfile`: who may read and write which topics.
///
/// The grammar is mosquitto's to the letter. Words are separated by spaces and not by tabs, blanks at the end of a line
/// are dropped, and a comment has its `#` in the first column:
///
/// | line | meaning |
/// |---|---|
/// | `user NAME` | the `topic` lines that follow belong to this user; the name is the rest of the line |
/// | `topic [read\|write\|readwrite\|deny] FILTER` | a rule of that user, or, above the first `user`, of clients without one |
/// | `pattern [read\|write\|readwrite\|deny] FILTER` | a rule for everybody, with `%u` and `%c`, wherever it stands |
public struct AccessControlFile: Sendable {
    /// The compiled list.
    public var rules: AccessRules
    /// The rules in file order.
    public var source: [AccessRule]
    /// Lines that are accepted and look wrong.
    public var warnings: [MosquittoFileWarning]

    /// Reads a file.
    public static func read(path: String) throws(MosquittoFileError) -> AccessControlFile {
        try AccessControlFile(TextFile(path: path))
    }

    /// Reads the content of a file.
    ///
    /// - Parameter name: what errors call the file.
    public static func parse(_ bytes: [UInt8], name: String) throws(MosquittoFileError) -> AccessControlFile {
        try AccessControlFile(TextFile(name: name, bytes: bytes))
    }

    private init(_ file: TextFile) throws(MosquittoFileError) {
        var parser = AccessControlParser()
        for line in file.lines { try parser.read(line) }
        self.rules = AccessRules(parser.rules)
        self.source = parser.rules
        self.warnings = parser.warnings
    }
}
