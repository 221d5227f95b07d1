/// Bytes on disk that are not what this format can have written there: where, what was expected, what was found.
///
/// Always a report about a place, never a bare "corrupted": whoever reads it can look at the file with a hex editor.
/// `expected` and `found` name lengths, numbers and checksums; they never quote a key, a topic or a payload.
public struct Damage: Error, Equatable, Sendable {
    /// The file, as a path.
    public var file: String
    /// Where in the file the field begins, in bytes.
    public var offset: UInt64
    /// The field's name in Format.md.
    public var field: String
    /// What should stand there.
    public var expected: String
    /// What stands there.
    public var found: String

    public init(file: String, offset: UInt64, field: String, expected: String, found: String) {
        self.file = file
        self.offset = offset
        self.field = field
        self.expected = expected
        self.found = found
    }
}

extension Damage: CustomStringConvertible {
    public var description: String {
        "\(file) is damaged at offset \(offset): \(field) should be \(expected), found \(found)"
    }
}
