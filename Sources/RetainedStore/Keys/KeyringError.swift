/// Why a keyring cannot be used.
public enum KeyringError: Error, Equatable, Sendable {
    /// There is no keyring at `path`. It is never created anew for a store that exists: the data keys were in it.
    case missing(path: String)
    /// A keyring with keys in it stands where a new one should be created.
    case alreadyExists(path: String)
    /// The file is something else.
    case notAKeyring(path: String)
    /// The keyring was written by a later version of the format.
    case unknownVersion(path: String, version: UInt16)
    /// The keyring uses features that this version does not know; the flags, in hexadecimal.
    case unknownFeatures(path: String, flags: UInt32)
    /// The keyring is another store's; set ids, in hexadecimal.
    case belongsToAnotherStore(path: String, expected: String, found: String)
    /// The keyring's bytes are not what was written.
    case damaged(Damage)
    /// The machine refused.
    case environment(EnvironmentError)
}

extension KeyringError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing(let path):
            "keyring missing: looked at \(path); without it nothing in the store can be read, "
                + "so put the keyring back from where it was kept"
        case .alreadyExists(let path):
            "a keyring with keys in it already stands at \(path); move it away if no store needs it any more"
        case .notAKeyring(let path):
            "\(path) is not a keyring"
        case .unknownVersion(let path, let version):
            "\(path) has keyring format version \(version), this program knows \(FormatVersion.current)"
        case .unknownFeatures(let path, let flags):
            "\(path) uses keyring features 0x\(String(flags, radix: 16)), which this program does not know"
        case .belongsToAnotherStore(let path, let expected, let found):
            "\(path) is the keyring of store \(found), this store is \(expected)"
        case .damaged(let damage):
            damage.description
        case .environment(let error):
            error.description
        }
    }
}

extension KeyringError {
    /// Calls `body` and wraps what the machine refuses.
    static func mapping<Result>(
        _ body: () throws(EnvironmentError) -> Result
    ) throws(KeyringError) -> Result {
        do throws(EnvironmentError) {
            return try body()
        } catch {
            throw .environment(error)
        }
    }

    static func damaged(
        at offset: UInt64,
        of path: String,
        field: String,
        expected: String,
        found: String
    ) -> KeyringError {
        .damaged(Damage(file: path, offset: offset, field: field, expected: expected, found: found))
    }
}
