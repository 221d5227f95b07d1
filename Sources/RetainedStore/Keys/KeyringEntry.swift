/// One data key in a keyring, wrapped under the keyring key: 128 bytes, aligned so that no entry crosses a disk sector.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | sequence number, from 1 without gaps |
/// | 8 | 16 | key id, random |
/// | 24 | 12 | nonce, random |
/// | 36 | 64 | sealed: data key (32) ‖ namespace token (16) ‖ generation (4) ‖ kind (1: 0 namespace, 1 bucket, 2 shredded) ‖ zero (11) |
/// | 100 | 16 | tag |
/// | 116 | 8 | sequence number of the first entry that was appended and synced together with this one |
/// | 124 | 4 | CRC-32C of bytes 0…123 |
///
/// Associated data: set id ‖ keyring id ‖ bytes 0…23 and 116…123 of the entry.
enum KeyringEntry {
    static let bytes = 128
    private static let sealedBytes = 64
    private static let wrappedRange = 24..<116
    private static let associatedDataBytes = 64

    /// Writes the entry of a key, or of one that was destroyed.
    static func write(
        _ item: KeyringItem,
        sequence: UInt64,
        appendSequence: UInt64,
        header: KeyringHeader,
        into entry: UnsafeMutableRawBufferPointer
    ) throws(EnvironmentError) {
        entry.storeLittleEndian(sequence, at: 0)
        switch item {
        case .key(let key): entry.storeLittleEndian(key.id, at: 8)
        case .shredded(let key): entry.storeLittleEndian(key.id, at: 8)
        }
        entry.storeLittleEndian(appendSequence, at: 116)
        let plaintext = SecretBytes(count: sealedBytes) { write(item, into: $0) }
        try withAssociatedData(of: UnsafeRawBufferPointer(entry), header: header) {
            (associatedData) throws(EnvironmentError) in
            try plaintext.withUnsafeBytes { plaintext throws(EnvironmentError) in
                try KeyWrapping.wrap(
                    plaintext,
                    under: header.keyringKey,
                    associatedData: associatedData,
                    into: UnsafeMutableRawBufferPointer(rebasing: entry[wrappedRange])
                )
            }
        }
        entry.storeLittleEndian(checksum(of: UnsafeRawBufferPointer(entry)), at: 124)
    }

    private static func write(_ item: KeyringItem, into plaintext: UnsafeMutableRawBufferPointer) {
        switch item {
        case .key(let key):
            key.secret.withUnsafeBytes { plaintext.copyMemory(from: $0) }
            switch key.scope {
            case .namespace(let token):
                plaintext.storeLittleEndian(token, at: 32)
            case .bucket(let number):
                plaintext.storeLittleEndian(UInt128(number), at: 32)
                plaintext.storeLittleEndian(UInt8(1), at: 52)
            }
            plaintext.storeLittleEndian(key.generation, at: 48)
        case .shredded(let key):
            plaintext.storeLittleEndian(key.lastLSN, at: 0)
            plaintext.storeLittleEndian(key.namespace, at: 32)
            plaintext.storeLittleEndian(key.generation, at: 48)
            plaintext.storeLittleEndian(UInt8(2), at: 52)
        }
    }

    /// Whether the entry's checksum fits its bytes.
    static func isIntact(_ entry: UnsafeRawBufferPointer) -> Bool {
        entry.loadLittleEndian(at: 124, as: UInt32.self) == checksum(of: entry)
    }

    /// Whether nothing was ever written here, as where an append was cut short.
    static func isBlank(_ entry: UnsafeRawBufferPointer) -> Bool {
        entry.allSatisfy { $0 == 0 }
    }

    /// The sequence number of the first entry of the append that wrote this one.
    static func appendSequence(of entry: UnsafeRawBufferPointer) -> UInt64 {
        entry.loadLittleEndian(at: 116)
    }

    /// What an entry stands for.
    ///
    /// - Parameters:
    ///   - sequence: The number that its place asks for.
    ///   - offset: Where it stands in the file, for errors.
    static func parse(
        _ entry: UnsafeRawBufferPointer,
        sequence: UInt64,
        header: KeyringHeader,
        path: String,
        offset: UInt64
    ) throws(KeyringError) -> KeyringItem {
        let checksum = checksum(of: entry)
        let stored = entry.loadLittleEndian(at: 124, as: UInt32.self)
        guard checksum == stored else {
            throw .damaged(
                at: offset + 124,
                of: path,
                field: "CRC-32C",
                expected: checksum.hexadecimal,
                found: stored.hexadecimal
            )
        }
        let foundSequence = entry.loadLittleEndian(at: 0, as: UInt64.self)
        guard foundSequence == sequence else {
            throw .damaged(
                at: offset,
                of: path,
                field: "sequence number",
                expected: String(sequence),
                found: String(foundSequence)
            )
        }
        let unwrapped = try KeyringError.mapping { () throws(EnvironmentError) in
            try withAssociatedData(of: entry, header: header) { (associatedData) throws(EnvironmentError) in
                try KeyWrapping.unwrap(
                    UnsafeRawBufferPointer(rebasing: entry[wrappedRange]),
                    under: header.keyringKey,
                    associatedData: associatedData
                )
            }
        }
        guard let plaintext = unwrapped else {
            throw .damaged(at: offset + 100, of: path, field: "tag", expected: "the entry's", found: "another")
        }
        let keyID = entry.loadLittleEndian(at: 8, as: DataKeyID.self)
        guard let item = plaintext.withUnsafeBytes({ item(id: keyID, plaintext: $0) }) else {
            throw .damaged(
                at: offset + 36,
                of: path,
                field: "sealed",
                expected: "a namespace's or a bucket's key, or a shredded one",
                found: "an unknown kind"
            )
        }
        return item
    }

    private static func item(id: DataKeyID, plaintext: UnsafeRawBufferPointer) -> KeyringItem? {
        let token = plaintext.loadLittleEndian(at: 32, as: NamespaceToken.self)
        let generation = plaintext.loadLittleEndian(at: 48, as: UInt32.self)
        guard plaintext[53...].allSatisfy({ $0 == 0 }) else { return nil }
        let scope: DataKeyScope
        switch plaintext[52] {
        case 0:
            scope = .namespace(token)
        case 1:
            guard token < UInt128(KeyLimits.bucketKeysCount) else { return nil }
            scope = .bucket(Int(token))
        case 2:
            guard plaintext[8..<32].allSatisfy({ $0 == 0 }) else { return nil }
            return .shredded(
                ShreddedKey(
                    id: id,
                    namespace: token,
                    generation: generation,
                    lastLSN: plaintext.loadLittleEndian(at: 0)
                )
            )
        default:
            return nil
        }
        return .key(
            DataKey(
                id: id,
                secret: SecretBytes(copying: UnsafeRawBufferPointer(rebasing: plaintext[..<32])),
                scope: scope,
                generation: generation
            )
        )
    }

    /// Calls `body` with the bytes that the tag binds beside the sealed ones.
    private static func withAssociatedData<Result>(
        of entry: UnsafeRawBufferPointer,
        header: KeyringHeader,
        _ body: (UnsafeRawBufferPointer) throws(EnvironmentError) -> Result
    ) throws(EnvironmentError) -> Result {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: associatedDataBytes, alignment: 16)
        defer { bytes.deallocate() }
        bytes.storeLittleEndian(header.setID, at: 0)
        bytes.storeLittleEndian(header.keyringID, at: 16)
        UnsafeMutableRawBufferPointer(rebasing: bytes[32..<56]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: entry[0..<24])
        )
        UnsafeMutableRawBufferPointer(rebasing: bytes[56..<64]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: entry[116..<124])
        )
        return try body(UnsafeRawBufferPointer(bytes))
    }

    private static func checksum(of entry: UnsafeRawBufferPointer) -> UInt32 {
        CRC32C.checksum(UnsafeRawBufferPointer(rebasing: entry[..<124]))
    }
}
