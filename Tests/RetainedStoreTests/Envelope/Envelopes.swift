@testable import RetainedStore

/// Sealing and opening over arrays, with a keyring in a directory of its own.
final class Envelopes {
    let directory = TemporaryDirectory()
    let setID: SetID
    let rootKey: RootKey
    let keyring: Keyring
    let opener: Opener

    init() throws {
        setID = try SecureRandom.identifier()
        rootKey = try RootKey.random()
        keyring = try Keyring.create(path: directory.file("keyring"), setID: setID, rootKey: rootKey)
        opener = try Opener(setID: setID, keyring: keyring)
    }

    func sealer(padding: EnvelopePadding = .none) throws -> Sealer {
        try Sealer(setID: setID, keyring: keyring, padding: padding)
    }

    static func seal(
        _ message: Message,
        with sealer: Sealer,
        key: DataKey,
        recordType: RecordType = .set,
        blindKey: [UInt8]
    ) -> [UInt8] {
        message.withParts { parts in
            var sealed = [UInt8](repeating: 0xEE, count: sealer.sealedBytes(of: parts))
            sealed.withUnsafeMutableBytes { slot in
                blindKey.withUnsafeBytes { blindKey in
                    sealer.seal(parts, recordType: recordType, blindKey: blindKey, key: key, into: slot)
                }
            }
            return sealed
        }
    }

    func open(
        _ sealed: [UInt8],
        keyID: DataKeyID,
        recordType: RecordType = .set,
        blindKey: [UInt8]
    ) throws(EnvelopeError) -> Message {
        try Self.open(sealed, with: opener, keyID: keyID, recordType: recordType, blindKey: blindKey)
    }

    static func open(
        _ sealed: [UInt8],
        with opener: Opener,
        keyID: DataKeyID,
        recordType: RecordType = .set,
        blindKey: [UInt8]
    ) throws(EnvelopeError) -> Message {
        var buffer = [UInt8](repeating: 0xEE, count: Opener.plaintextBytes(ofSealedBytes: sealed.count))
        let result = buffer.withUnsafeMutableBytes { buffer in
            sealed.withUnsafeBytes { sealed in
                blindKey.withUnsafeBytes { blindKey in
                    Result { () throws(EnvelopeError) in
                        Message(
                            try opener.open(
                                sealed,
                                recordType: recordType,
                                blindKey: blindKey,
                                keyID: keyID,
                                into: buffer
                            )
                        )
                    }
                }
            }
        }
        if case .failure(.notAuthentic) = result {
            precondition(buffer.allSatisfy { $0 == 0 }, "unauthenticated plaintext left behind")
        }
        return try result.get()
    }

    /// The associated data that Format.md describes, written down once more.
    func associatedData(keyID: DataKeyID, recordType: RecordType, blindKey: [UInt8]) -> [UInt8] {
        [1, 0] + [UInt8](hexadecimal: setID.hexadecimal) + [UInt8](hexadecimal: keyID.hexadecimal)
            + [1, recordType.rawValue] + blindKey
    }
}
