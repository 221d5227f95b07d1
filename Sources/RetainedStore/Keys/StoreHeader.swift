/// The file `latch.store`: which store this is, and the root key, wrapped for every master key that may open it.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | magic `LATCHST` and a zero byte |
/// | 8 | 2 | format version, 1 |
/// | 10 | 2 | number of key slots, 1…16 |
/// | 12 | 4 | feature flags: bit 0: there are, or were, records of sessions; bit 1: of wills; no others are defined |
/// | 16 | 16 | set id, random |
/// | 32 | 16 | timeline, random |
/// | 48 | 100 × slots | key slots |
/// | … | 16 | AES-CMAC(header key, all bytes before) |
/// | … | 4 | CRC-32C of all bytes before |
///
/// Every version of the format keeps the magic, the version's place and the final CRC-32C, so that a file of a later
/// version is told apart from a damaged one.
struct StoreHeader: Equatable, Sendable {
    let setID: SetID
    var timeline: Timeline
    var slots: [KeySlot]
    /// Whether there may be records of sessions, which a version that knows nothing of them must not open.
    var hasSessions: Bool
    /// Whether there may be records of wills, which a version that knows sessions only would take for damage.
    var hasWills: Bool
    /// The MAC that the file has; what ``open(with:path:)`` compares.
    private let storedMAC: UInt128

    private static let magic: UInt64 = 0x0054_5348_4354_414C
    private static let sessionsFlag: UInt32 = 1
    private static let willsFlag: UInt32 = 2
    private static let fixedBytes = 48
    private static let macBytes = AESCMAC.tagBytes
    private static let checksumBytes = 4

    // MARK: - A new store

    /// The header of a new store, with one slot, and the root key in it.
    static func create(masterKey: MasterKey) throws(EnvironmentError) -> (header: StoreHeader, rootKey: RootKey) {
        let setID = try SecureRandom.identifier()
        let rootKey = try RootKey.random()
        let slot = try KeySlot(wrapping: rootKey, for: masterKey, setID: setID)
        let header = StoreHeader(
            setID: setID,
            timeline: try SecureRandom.identifier(),
            slots: [slot],
            hasSessions: false,
            hasWills: false,
            storedMAC: 0
        )
        return (header, rootKey)
    }

    /// Begins a new timeline, as when a backup is opened for the first time; takes effect when the header is written.
    mutating func beginTimeline() throws(EnvironmentError) {
        timeline = try SecureRandom.identifier()
    }

    // MARK: - Opening

    /// The root key, if the master key is right and the file is what its owner wrote.
    ///
    /// - Parameter path: For errors.
    /// - Throws: `StoreHeaderError.wrongKey` or `.wrongPassphrase` with what the store wants; `.damaged` if the key is
    ///   right but the bytes are not.
    func open(
        with masterKey: MasterKey,
        path: String
    ) throws(StoreHeaderError) -> (rootKey: RootKey, keys: DerivedKeys) {
        let rootKey = try unwrapRootKey(with: masterKey, path: path)
        let keys = try StoreHeaderError.mapping { () throws(EnvironmentError) in
            try DerivedKeys(rootKey: rootKey, setID: setID)
        }
        try check(keys, path: path)
        return (rootKey, keys)
    }

    /// Makes sure that the file is what its owner wrote.
    func check(_ keys: DerivedKeys, path: String) throws(StoreHeaderError) {
        let (_, mac) = try StoreHeaderError.mapping { () throws(EnvironmentError) in try serialized(keys: keys) }
        guard mac == storedMAC else {
            throw .damaged(
                at: Self.fixedBytes + slots.count * KeySlot.bytes,
                of: path,
                field: "AES-CMAC",
                expected: mac.hexadecimal,
                found: storedMAC.hexadecimal
            )
        }
    }

    private func unwrapRootKey(with masterKey: MasterKey, path: String) throws(StoreHeaderError) -> RootKey {
        for (index, slot) in slots.enumerated() {
            let outcome = try StoreHeaderError.mapping { () throws(EnvironmentError) in
                try slot.open(with: masterKey, setID: setID)
            }
            switch outcome {
            case .opened(let rootKey):
                return rootKey
            case .otherKey:
                continue
            case .damaged:
                throw .damaged(
                    at: Self.fixedBytes + index * KeySlot.bytes + 84,
                    of: path,
                    field: "tag of key slot \(index + 1)",
                    expected: "the slot's",
                    found: "another"
                )
            }
        }
        let wanted = slots.map(\.summary)
        if let fingerprint = masterKey.fingerprint { throw .wrongKey(fingerprint: fingerprint, wanted: wanted) }
        throw .wrongPassphrase(wanted: wanted)
    }

    // MARK: - Bytes

    /// The file's bytes, and the MAC in them.
    func serialized(keys: DerivedKeys) throws(EnvironmentError) -> (bytes: [UInt8], mac: UInt128) {
        precondition((1...KeyLimits.slotsMax).contains(slots.count), "a store has 1 to 16 key slots")
        let macOffset = Self.fixedBytes + slots.count * KeySlot.bytes
        let count = macOffset + Self.macBytes + Self.checksumBytes
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        defer { bytes.deallocate() }
        bytes.storeLittleEndian(Self.magic, at: 0)
        bytes.storeLittleEndian(FormatVersion.current, at: 8)
        bytes.storeLittleEndian(UInt16(slots.count), at: 10)
        let flags = (hasSessions ? Self.sessionsFlag : 0) | (hasWills ? Self.willsFlag : 0)
        bytes.storeLittleEndian(flags, at: 12)
        bytes.storeLittleEndian(setID, at: 16)
        bytes.storeLittleEndian(timeline, at: 32)
        for (index, slot) in slots.enumerated() {
            let offset = Self.fixedBytes + index * KeySlot.bytes
            slot.write(into: UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset + KeySlot.bytes]))
        }
        var cipher = try AESCMAC(key: keys.header)
        let mac = cipher.tag(of: UnsafeRawBufferPointer(rebasing: bytes[..<macOffset]))
        bytes.storeLittleEndian(mac, at: macOffset)
        let checked = UnsafeRawBufferPointer(rebasing: bytes[..<(macOffset + Self.macBytes)])
        bytes.storeLittleEndian(CRC32C.checksum(checked), at: macOffset + Self.macBytes)
        return (Array(bytes), mac)
    }

    /// Reads the file's bytes.
    ///
    /// - Parameter path: For errors.
    static func parse(_ file: UnsafeRawBufferPointer, path: String) throws(StoreHeaderError) -> StoreHeader {
        guard file.count >= 8, file.loadLittleEndian(at: 0, as: UInt64.self) == magic else {
            throw .notAStore(path: path)
        }
        guard file.count >= fixedBytes else {
            throw .damaged(at: 0, of: path, field: "header", expected: "\(fixedBytes) bytes", found: "\(file.count)")
        }
        let checksumOffset = file.count - checksumBytes
        let checksum = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: file[..<checksumOffset]))
        let stored = file.loadLittleEndian(at: checksumOffset, as: UInt32.self)
        guard checksum == stored else {
            throw .damaged(
                at: checksumOffset,
                of: path,
                field: "CRC-32C",
                expected: checksum.hexadecimal,
                found: stored.hexadecimal
            )
        }
        let version = file.loadLittleEndian(at: 8, as: UInt16.self)
        guard version == FormatVersion.current else { throw .unknownVersion(path: path, version: version) }
        let flags = file.loadLittleEndian(at: 12, as: UInt32.self)
        guard flags & ~(sessionsFlag | willsFlag) == 0 else { throw .unknownFeatures(path: path, flags: flags) }
        let slotsCount = Int(file.loadLittleEndian(at: 10, as: UInt16.self))
        guard (1...KeyLimits.slotsMax).contains(slotsCount) else {
            throw .damaged(at: 10, of: path, field: "number of key slots", expected: "1 to 16", found: "\(slotsCount)")
        }
        let macOffset = fixedBytes + slotsCount * KeySlot.bytes
        let bytes = macOffset + macBytes + checksumBytes
        guard file.count == bytes else {
            throw .damaged(at: bytes, of: path, field: "end of file", expected: "\(bytes)", found: "\(file.count)")
        }
        var slots: [KeySlot] = []
        for index in 0..<slotsCount {
            let offset = fixedBytes + index * KeySlot.bytes
            let slot = UnsafeRawBufferPointer(rebasing: file[offset..<offset + KeySlot.bytes])
            slots.append(try KeySlot(parsing: slot, number: index + 1, path: path, offset: offset))
        }
        return StoreHeader(
            setID: file.loadLittleEndian(at: 16),
            timeline: file.loadLittleEndian(at: 32),
            slots: slots,
            hasSessions: flags & sessionsFlag != 0,
            hasWills: flags & willsFlag != 0,
            storedMAC: file.loadLittleEndian(at: macOffset)
        )
    }
}
