/// What can be said about a key slot without opening it: which key would.
public struct KeySlotSummary: Hashable, Sendable {
    /// What a slot asks for.
    public enum Kind: Sendable {
        /// A 256-bit key.
        case key
        /// A passphrase.
        case passphrase
    }

    /// What the slot asks for.
    public var kind: Kind
    /// The fingerprint of the master key that opens it, as ``MasterKey/fingerprint`` shows it.
    public var fingerprint: String

    public init(kind: Kind, fingerprint: String) {
        self.kind = kind
        self.fingerprint = fingerprint
    }
}

extension KeySlotSummary: CustomStringConvertible {
    public var description: String {
        switch kind {
        case .key: "a key with fingerprint \(fingerprint)"
        case .passphrase: "a passphrase (slot \(fingerprint))"
        }
    }
}
