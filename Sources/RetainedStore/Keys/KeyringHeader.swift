/// The first 128 bytes of a keyring.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | magic `LATCHKR` and a zero byte |
/// | 8 | 2 | format version, 1 |
/// | 10 | 2 | zero |
/// | 12 | 4 | feature flags: none are defined |
/// | 16 | 16 | set id |
/// | 32 | 16 | keyring id, random with every rewriting |
/// | 48 | 12 | nonce, random |
/// | 60 | 32 | keyring key, AES-256-GCM under the keyring slot key; associated data: bytes 0…47 |
/// | 92 | 16 | tag |
/// | 108 | 16 | zero |
/// | 124 | 4 | CRC-32C of bytes 0…123 |
struct KeyringHeader: Sendable {
    static let bytes = 128
    private static let magic: UInt64 = 0x0052_4B48_4354_414C
    private static let wrappedRange = 48..<108

    let setID: SetID
    let keyringID: UInt128
    let keyringKey: SecretBytes
    /// What the keyring key of the next rewriting will be wrapped with.
    let rootKey: RootKey

    /// A new keyring's header and its bytes.
    static func create(setID: SetID, rootKey: RootKey) throws(EnvironmentError) -> (KeyringHeader, [UInt8]) {
        let header = KeyringHeader(
            setID: setID,
            keyringID: try SecureRandom.identifier(),
            keyringKey: try SecretBytes.random(count: RootKey.keyBytes),
            rootKey: rootKey
        )
        let slotKey = try slotKey(rootKey: rootKey, keyringID: header.keyringID)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bytes, alignment: 16)
        defer { bytes.deallocate() }
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        bytes.storeLittleEndian(magic, at: 0)
        bytes.storeLittleEndian(FormatVersion.current, at: 8)
        bytes.storeLittleEndian(setID, at: 16)
        bytes.storeLittleEndian(header.keyringID, at: 32)
        try header.keyringKey.withUnsafeBytes { key throws(EnvironmentError) in
            try KeyWrapping.wrap(
                key,
                under: slotKey,
                associatedData: UnsafeRawBufferPointer(rebasing: bytes[..<wrappedRange.lowerBound]),
                into: UnsafeMutableRawBufferPointer(rebasing: bytes[wrappedRange])
            )
        }
        bytes.storeLittleEndian(CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<124])), at: 124)
        return (header, Array(bytes))
    }

    /// The header of a keyring, opened with the store's root key.
    ///
    /// - Parameters:
    ///   - file: The whole file, or its beginning.
    ///   - path: For errors.
    static func parse(
        _ file: UnsafeRawBufferPointer,
        setID: SetID,
        rootKey: RootKey,
        path: String
    ) throws(KeyringError) -> KeyringHeader {
        guard file.count >= 8, file.loadLittleEndian(at: 0, as: UInt64.self) == magic else {
            throw .notAKeyring(path: path)
        }
        guard file.count >= Self.bytes else {
            throw .damaged(at: 0, of: path, field: "header", expected: "\(Self.bytes) bytes", found: "\(file.count)")
        }
        let bytes = UnsafeRawBufferPointer(rebasing: file[..<Self.bytes])
        let checksum = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<124]))
        let stored = bytes.loadLittleEndian(at: 124, as: UInt32.self)
        guard checksum == stored else {
            throw .damaged(
                at: 124,
                of: path,
                field: "CRC-32C",
                expected: checksum.hexadecimal,
                found: stored.hexadecimal
            )
        }
        let version = bytes.loadLittleEndian(at: 8, as: UInt16.self)
        guard version == FormatVersion.current else { throw .unknownVersion(path: path, version: version) }
        let flags = bytes.loadLittleEndian(at: 12, as: UInt32.self)
        guard flags == 0 else { throw .unknownFeatures(path: path, flags: flags) }
        let found = bytes.loadLittleEndian(at: 16, as: SetID.self)
        guard found == setID else {
            throw .belongsToAnotherStore(path: path, expected: setID.hexadecimal, found: found.hexadecimal)
        }
        guard bytes.loadLittleEndian(at: 10, as: UInt16.self) == 0 else {
            throw .damaged(at: 10, of: path, field: "zero", expected: "0", found: "other bytes")
        }
        guard bytes[wrappedRange.upperBound..<124].allSatisfy({ $0 == 0 }) else {
            throw .damaged(
                at: UInt64(wrappedRange.upperBound),
                of: path,
                field: "zero",
                expected: "0",
                found: "other bytes"
            )
        }
        let keyringID = bytes.loadLittleEndian(at: 32, as: UInt128.self)
        let unwrapped = try KeyringError.mapping { () throws(EnvironmentError) in
            try KeyWrapping.unwrap(
                UnsafeRawBufferPointer(rebasing: bytes[wrappedRange]),
                under: try slotKey(rootKey: rootKey, keyringID: keyringID),
                associatedData: UnsafeRawBufferPointer(rebasing: bytes[..<wrappedRange.lowerBound])
            )
        }
        guard let keyringKey = unwrapped else {
            throw .damaged(at: 92, of: path, field: "tag", expected: "the keyring key's", found: "another")
        }
        return KeyringHeader(setID: setID, keyringID: keyringID, keyringKey: keyringKey, rootKey: rootKey)
    }

    private static func slotKey(rootKey: RootKey, keyringID: UInt128) throws(EnvironmentError) -> SecretBytes {
        try rootKey.derived(label: "latch v1 keyring", salt: keyringID)
    }
}
