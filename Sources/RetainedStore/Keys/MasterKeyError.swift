/// Why something offered as a master key is none.
public enum MasterKeyError: Error, Equatable, Sendable {
    /// A raw key has 32 bytes; this one has `found`.
    case wrongLength(found: Int)
    /// The text is neither 64 hexadecimal digits nor the base64 of 32 bytes.
    case notAKeyText
    /// A passphrase must have at least one byte.
    case emptyPassphrase
    /// The machine refused.
    case environment(EnvironmentError)
}

extension MasterKeyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .wrongLength(let found): "a master key has 32 bytes, not \(found)"
        case .notAKeyText: "a master key is 64 hexadecimal digits or the base64 of 32 bytes"
        case .emptyPassphrase: "the passphrase is empty"
        case .environment(let error): error.description
        }
    }
}
