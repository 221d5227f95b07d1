/// The root key, wrapped for one master key.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 1 | kind: 1 a 256-bit key, 2 a passphrase |
/// | 1 | 1 | scrypt log2 N (kind 2; else zero) |
/// | 2 | 2 | scrypt r |
/// | 4 | 2 | scrypt p |
/// | 6 | 2 | zero |
/// | 8 | 16 | slot salt, random; scrypt's salt too |
/// | 24 | 8 | fingerprint of the master key that opens the slot |
/// | 32 | 8 | zero |
/// | 40 | 12 | nonce, random |
/// | 52 | 32 | root key, AES-256-GCM under the slot key |
/// | 84 | 16 | tag |
///
/// Associated data: set id ‖ bytes 0…39 of the slot.
struct KeySlot: Equatable, Sendable {
    static let bytes = 100
    private static let wrappedRange = 40..<100

    /// What the master key is.
    enum Kind: Equatable, Sendable {
        case key
        case passphrase(Scrypt)
    }

    let kind: Kind
    let salt: UInt128
    let fingerprint: KeyFingerprint
    /// nonce ‖ root key, encrypted ‖ tag.
    let wrapped: [UInt8]

    var summary: KeySlotSummary {
        switch kind {
        case .key: KeySlotSummary(kind: .key, fingerprint: fingerprint.description)
        case .passphrase: KeySlotSummary(kind: .passphrase, fingerprint: fingerprint.description)
        }
    }

    private init(kind: Kind, salt: UInt128, fingerprint: KeyFingerprint, wrapped: [UInt8]) {
        self.kind = kind
        self.salt = salt
        self.fingerprint = fingerprint
        self.wrapped = wrapped
    }

    // MARK: - Wrapping and unwrapping

    /// A new slot.
    init(wrapping rootKey: RootKey, for masterKey: MasterKey, setID: SetID) throws(EnvironmentError) {
        let salt = try SecureRandom.identifier()
        let kind: Kind
        let key: SecretBytes
        let fingerprint: KeyFingerprint
        switch masterKey.material {
        case .key(let given, let givenFingerprint):
            kind = .key
            key = given
            fingerprint = givenFingerprint
        case .passphrase(let passphrase):
            kind = .passphrase(.standard)
            key = try Scrypt.standard.key(from: passphrase, salt: salt)
            fingerprint = try KeyFingerprint(ofKey: key)
        }
        let unwrapped = KeySlot(kind: kind, salt: salt, fingerprint: fingerprint, wrapped: [])
        let wrapped = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.wrappedRange.count, alignment: 16)
        defer { wrapped.deallocate() }
        let slotKey = try Self.slotKey(masterKey: key, salt: salt)
        try unwrapped.withAssociatedData(setID: setID) { associatedData throws(EnvironmentError) in
            try rootKey.secret.withUnsafeBytes { rootKey throws(EnvironmentError) in
                try KeyWrapping.wrap(rootKey, under: slotKey, associatedData: associatedData, into: wrapped)
            }
        }
        self.init(kind: kind, salt: salt, fingerprint: fingerprint, wrapped: Array(wrapped))
    }

    /// What trying a key on a slot shows.
    enum Outcome {
        case opened(RootKey)
        /// The slot is for another key.
        case otherKey
        /// The slot is for this key, but its bytes are not what was written.
        case damaged
    }

    /// Tries a master key. A passphrase costs an scrypt.
    func open(with masterKey: MasterKey, setID: SetID) throws(EnvironmentError) -> Outcome {
        let key: SecretBytes
        switch (kind, masterKey.material) {
        case (.key, .key(let given, let givenFingerprint)):
            guard givenFingerprint == fingerprint else { return .otherKey }
            key = given
        case (.passphrase(let scrypt), .passphrase(let passphrase)):
            key = try scrypt.key(from: passphrase, salt: salt)
            guard try KeyFingerprint(ofKey: key) == fingerprint else { return .otherKey }
        case (.key, .passphrase), (.passphrase, .key):
            return .otherKey
        }
        let slotKey = try Self.slotKey(masterKey: key, salt: salt)
        let wrapped = UnsafeMutableRawBufferPointer.allocate(byteCount: self.wrapped.count, alignment: 16)
        defer { wrapped.deallocate() }
        wrapped.copyBytes(from: self.wrapped)
        let rootKey = try withAssociatedData(setID: setID) { associatedData throws(EnvironmentError) in
            try KeyWrapping.unwrap(UnsafeRawBufferPointer(wrapped), under: slotKey, associatedData: associatedData)
        }
        return if let rootKey { .opened(RootKey(secret: rootKey)) } else { .damaged }
    }

    private static func slotKey(masterKey: SecretBytes, salt: UInt128) throws(EnvironmentError) -> SecretBytes {
        try SecretBytes(derivedFrom: masterKey, label: "latch v1 slot", salt: salt, count: AESGCM.keyBytes)
    }

    /// Calls `body` with set id ‖ bytes 0…39 of the slot.
    private func withAssociatedData<Result>(
        setID: SetID,
        _ body: (UnsafeRawBufferPointer) throws(EnvironmentError) -> Result
    ) throws(EnvironmentError) -> Result {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 + Self.wrappedRange.lowerBound, alignment: 16)
        defer { bytes.deallocate() }
        bytes.storeLittleEndian(setID, at: 0)
        writePrefix(into: UnsafeMutableRawBufferPointer(rebasing: bytes[16...]))
        return try body(UnsafeRawBufferPointer(bytes))
    }

    // MARK: - Bytes

    /// Writes the slot's 100 bytes.
    func write(into slot: UnsafeMutableRawBufferPointer) {
        writePrefix(into: slot)
        UnsafeMutableRawBufferPointer(rebasing: slot[Self.wrappedRange]).copyBytes(from: wrapped)
    }

    /// Writes bytes 0…39.
    private func writePrefix(into slot: UnsafeMutableRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: slot[..<Self.wrappedRange.lowerBound])
            .initializeMemory(as: UInt8.self, repeating: 0)
        switch kind {
        case .key:
            slot.storeLittleEndian(UInt8(1), at: 0)
        case .passphrase(let scrypt):
            slot.storeLittleEndian(UInt8(2), at: 0)
            slot.storeLittleEndian(scrypt.costLog2, at: 1)
            slot.storeLittleEndian(scrypt.blockSize, at: 2)
            slot.storeLittleEndian(scrypt.parallelization, at: 4)
        }
        slot.storeLittleEndian(salt, at: 8)
        slot.storeLittleEndian(fingerprint.value, at: 24)
    }

    /// Reads a slot.
    ///
    /// - Parameters:
    ///   - slot: Its 100 bytes.
    ///   - number: Its place, from 1, for errors.
    ///   - offset: Where it stands in the file, for errors.
    init(
        parsing slot: UnsafeRawBufferPointer,
        number: Int,
        path: String,
        offset: Int
    ) throws(StoreHeaderError) {
        let scrypt = Scrypt(
            costLog2: slot[1],
            blockSize: slot.loadLittleEndian(at: 2),
            parallelization: slot.loadLittleEndian(at: 4)
        )
        let kind: Kind
        switch slot[0] {
        case 1:
            guard scrypt == Scrypt(costLog2: 0, blockSize: 0, parallelization: 0) else {
                throw .damaged(at: offset + 1, of: path, field: "scrypt parameters", expected: "0", found: "others")
            }
            kind = .key
        case 2:
            guard scrypt.isWithinLimits else { throw .scryptBeyondLimits(path: path, slot: number) }
            kind = .passphrase(scrypt)
        default:
            throw .unknownSlotKind(path: path, slot: number, kind: slot[0])
        }
        guard slot.loadLittleEndian(at: 6, as: UInt16.self) == 0 else {
            throw .damaged(at: offset + 6, of: path, field: "zero", expected: "0", found: "other bytes")
        }
        guard slot.loadLittleEndian(at: 32, as: UInt64.self) == 0 else {
            throw .damaged(at: offset + 32, of: path, field: "zero", expected: "0", found: "other bytes")
        }
        self.init(
            kind: kind,
            salt: slot.loadLittleEndian(at: 8),
            fingerprint: KeyFingerprint(value: slot.loadLittleEndian(at: 24)),
            wrapped: Array(slot[Self.wrappedRange])
        )
    }
}
