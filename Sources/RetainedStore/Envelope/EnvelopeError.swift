/// Why sealed bytes did not become a message.
enum EnvelopeError: Error, Equatable {
    /// The keyring has no key of this id.
    case unknownKey(DataKeyID)
    /// Fewer bytes than nonce, fixed part and tag take.
    case tooShort(found: Int)
    /// The tag does not fit: other bytes, another place, another store or another key.
    case notAuthentic
    /// The plaintext is of a version that this code does not know.
    case unknownPlaintextVersion(UInt8)
    /// The bytes are authentic, but no writer of this format can have written them: `field` at `offset` of the plaintext.
    case malformed(field: String, offset: Int)
    /// The machine refused.
    case environment(EnvironmentError)
}
