import Testing

@testable import RetainedStore

@Suite("The keyring")
struct KeyringTests {
    private let directory = TemporaryDirectory()
    private let setID: SetID = 0x1234_5678
    private let rootKey: RootKey

    private var path: String { directory.file("keyring") }

    init() throws {
        rootKey = try RootKey.random()
    }

    private func create() throws -> Keyring {
        try Keyring.create(path: path, setID: setID, rootKey: rootKey)
    }

    private func open(access: Keyring.Access = .readWrite) throws -> Keyring {
        try Keyring.open(path: path, setID: setID, rootKey: rootKey, access: access)
    }

    /// Reads a keyring's bytes as opening does, without a file.
    @discardableResult
    private func parse(_ bytes: [UInt8]) throws -> KeyringContents {
        try bytes.withUnsafeBytes { bytes throws(KeyringError) in
            let header = try KeyringHeader.parse(bytes, setID: setID, rootKey: rootKey, path: path)
            return try KeyringContents(entriesOf: bytes, header: header, path: path)
        }
    }

    /// A keyring of so many keys, appended one by one.
    private func keys(_ count: Int) throws -> [DataKey] {
        let keyring = try create()
        return try (0..<count).map { token in
            let key = try keyring.key(forNamespace: NamespaceToken(token))
            try keyring.sync()
            return key
        }
    }

    @Test("keys survive reopening, with their namespaces")
    func reopening() throws {
        let keyring = try create()
        let keys = try (0..<5).map { try keyring.key(forNamespace: NamespaceToken($0)) }
        #expect(keyring.hasPendingEntries)
        try keyring.sync()
        #expect(!keyring.hasPendingEntries)
        let more = try (5..<9).map { try keyring.key(forNamespace: NamespaceToken($0)) }
        try keyring.sync()
        try keyring.sync()
        #expect(FileBytes.read(path).count == 128 + 9 * 128)

        let reopened = try open()
        #expect(reopened.count == 9 && reopened.tornBytes == 0 && !reopened.hasPendingEntries)
        for (token, key) in (keys + more).enumerated() {
            let found = try reopened.key(forNamespace: NamespaceToken(token))
            #expect(found.id == key.id && found.secret.copy == key.secret.copy && found.generation == 1)
            #expect(reopened.key(id: key.id)?.secret.copy == key.secret.copy)
        }
        #expect(reopened.key(id: 0) == nil)
        let new = try reopened.key(forNamespace: 99)
        try reopened.sync()
        #expect(try open().key(forNamespace: 99).id == new.id)
        #expect(Set((keys + more + [new]).map(\.secret.copy)).count == 10)
    }

    @Test("what is not synced is not in the file")
    func pending() throws {
        let keyring = try create()
        let key = try keyring.key(forNamespace: 1)
        #expect(keyring.key(id: key.id) != nil)
        #expect(try open().count == 0)
    }

    @Test("a missing keyring is an error, and is not created")
    func missing() throws {
        #expect(throws: KeyringError.missing(path: path)) { try open() }
        #expect(FileBytes.read(path).isEmpty)
        #expect(KeyringError.missing(path: "/a/keyring").description.contains("looked at /a/keyring"))
    }

    @Test("creating replaces an empty keyring, and never one with keys")
    func creating() throws {
        _ = try create()
        let keyring = try create()
        _ = try keyring.key(forNamespace: 1)
        try keyring.sync()
        #expect(throws: KeyringError.alreadyExists(path: path)) { try create() }
        #expect(try open().count == 1)
    }

    @Test("another store's keyring is told apart from damage")
    func otherStore() throws {
        _ = try create()
        #expect(
            throws: KeyringError.belongsToAnotherStore(
                path: path,
                expected: SetID(7).hexadecimal,
                found: setID.hexadecimal
            )
        ) { try Keyring.open(path: path, setID: 7, rootKey: rootKey) }
        FileBytes.write(Array("something else".utf8), to: path)
        #expect(throws: KeyringError.notAKeyring(path: path)) { try open() }
    }

    @Test("every flipped bit is noticed")
    func flippedBits() throws {
        _ = try keys(3)
        let bytes = FileBytes.read(path)
        #expect(try parse(bytes).keys.count == 3)
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: KeyringError.self, "bit \(bit)") { try parse(flipped) }
        }
    }

    @Test("every flipped bit under a corrected checksum is noticed")
    func flippedBitsUnderGoodChecksum() throws {
        _ = try keys(2)
        let bytes = FileBytes.read(path)
        for bit in 0..<bytes.count * 8 where bit / 8 % 128 < 124 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            let block = bit / 8 / 128 * 128
            var part = Array(flipped[block..<block + 128])
            StoreHeaderTests.correctChecksum(of: &part)
            flipped.replaceSubrange(block..<block + 128, with: part)
            #expect(throws: KeyringError.self, "bit \(bit)") { try parse(flipped) }
        }
    }

    @Test("a torn append of one key is cut off wherever it ends, and its place is used again")
    func tornAppend() throws {
        let keys = try keys(3)
        let bytes = FileBytes.read(path)
        for count in stride(from: bytes.count - 127, to: bytes.count, by: 9) {
            FileBytes.write(Array(bytes[..<count]), to: path)
            let torn = try open(access: .readOnly)
            #expect(torn.tornBytes == count - (bytes.count - 128) && torn.count == 2)
            #expect(FileBytes.read(path).count == count, "reading only changes nothing")
            let keyring = try open()
            #expect(FileBytes.read(path).count == bytes.count - 128)
            #expect(keyring.key(id: keys[1].id) != nil && keyring.key(id: keys[2].id) == nil)
            let new = try keyring.key(forNamespace: 2)
            try keyring.sync()
            let reopened = try open()
            #expect(reopened.tornBytes == 0 && reopened.key(id: new.id) != nil)
        }
    }

    @Test("an append whose sectors were not all written is cut off, whichever they were")
    func reorderedAppend() throws {
        let keyring = try create()
        _ = try keyring.key(forNamespace: 1)
        try keyring.sync()
        for token in 2..<14 { _ = try keyring.key(forNamespace: NamespaceToken(token)) }
        try keyring.sync()
        let bytes = FileBytes.read(path)
        // Header and keys 1 to 3 are in sector 0; 4 to 7, 8 to 11, and 12 and 13 in the next.
        let sectors = (bytes.count + 511) / 512
        for written in 0..<1 << sectors where written & 1 == 1 {
            var torn = bytes
            for sector in 0..<sectors where written >> sector & 1 == 0 {
                for offset in sector * 512..<min(torn.count, (sector + 1) * 512) { torn[offset] = 0 }
            }
            FileBytes.write(torn, to: path)
            let firstMissing = (0..<sectors).first { written >> $0 & 1 == 0 }
            let expected = firstMissing.map { $0 * 4 - 1 } ?? 13
            #expect(try open(access: .readOnly).count == expected, "sectors \(String(written, radix: 2))")
        }
    }

    @Test("zeros in front of a key that was synced later are damage")
    func lostEntry() throws {
        _ = try keys(3)
        var bytes = FileBytes.read(path)
        for offset in 256..<384 { bytes[offset] = 0 }
        FileBytes.write(bytes, to: path)
        let error = #expect(throws: KeyringError.self) { try open() }
        guard case .damaged(let damage)? = error else {
            Issue.record("not damage: \(String(describing: error))")
            return
        }
        #expect(damage.offset == 256 && damage.file == path)
        #expect(FileBytes.read(path).count == bytes.count, "nothing was cut off")
    }

    @Test(
        "an entry that authenticates but cannot have been written is damage",
        arguments: [(52, 2), (63, 1), (32, 64)]
    )
    func malformedEntry(_ offset: Int, value: UInt8) throws {
        let header = try KeyringHeader.create(setID: setID, rootKey: rootKey)
        // A bucket's key of generation 1, sealed as Format.md says, with one byte changed before sealing.
        var plaintext = [UInt8](repeating: 7, count: 32) + [UInt8](repeating: 0, count: 32)
        plaintext[48] = 1
        plaintext[52] = 1
        func entry() throws -> [UInt8] {
            var entry = [1, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 9, count: 16) + [UInt8](repeating: 0, count: 104)
            entry[116] = 1
            let associatedData =
                [UInt8](hexadecimal: setID.hexadecimal + header.0.keyringID.hexadecimal) + entry[..<24]
                + entry[116..<124]
            var wrapped = [UInt8](repeating: 0, count: 92)
            try wrapped.withUnsafeMutableBytes { wrapped in
                try plaintext.withUnsafeBytes { plaintext in
                    try associatedData.withUnsafeBytes { associatedData in
                        try KeyWrapping.wrap(
                            plaintext,
                            under: header.0.keyringKey,
                            associatedData: associatedData,
                            into: wrapped
                        )
                    }
                }
            }
            entry.replaceSubrange(24..<116, with: wrapped)
            StoreHeaderTests.correctChecksum(of: &entry)
            return entry
        }
        FileBytes.write(header.1 + (try entry()), to: path)
        #expect(try open(access: .readOnly).count == 1)
        plaintext[offset] = value
        FileBytes.write(header.1 + (try entry()), to: path)
        let error = #expect(throws: KeyringError.self) { try open(access: .readOnly) }
        guard case .damaged(let damage)? = error else {
            Issue.record("not damage: \(String(describing: error))")
            return
        }
        #expect(damage.offset == 128 + 36 && damage.field == "sealed")
    }

    @Test("beyond the limit, namespaces share bucket keys, and keep what they had")
    func buckets() throws {
        let keyring = try create()
        let limit = KeyLimits.namespaceKeysMax
        let first = try keyring.key(forNamespace: 0)
        for token in 1..<limit { _ = try keyring.key(forNamespace: NamespaceToken(token)) }
        #expect(keyring.count == limit)
        for token in limit..<limit + 1_000 {
            let key = try keyring.key(forNamespace: NamespaceToken(token))
            #expect(key.scope == .bucket(token % KeyLimits.bucketKeysCount))
        }
        #expect(keyring.count == limit + KeyLimits.bucketKeysCount)
        try keyring.sync()
        let reopened = try open()
        #expect(reopened.count == limit + KeyLimits.bucketKeysCount)
        #expect(try reopened.key(forNamespace: 0).id == first.id)
        #expect(
            try reopened.key(forNamespace: NamespaceToken(limit)).id
                == keyring.key(forNamespace: NamespaceToken(limit)).id
        )
    }

    @Test("threads that ask at once get one key per namespace, and all of them are synced")
    func concurrency() async throws {
        let keyring = try create()
        let ids = try await withThrowingTaskGroup(of: [DataKeyID].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try (0..<200).map { token in
                        let key = try keyring.key(forNamespace: NamespaceToken(token))
                        if token % 16 == 0 { try keyring.sync() }
                        return key.id
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(ids).count == 1)
        try keyring.sync()
        let reopened = try open()
        #expect(reopened.count == 200 && ids[0].allSatisfy { reopened.key(id: $0) != nil })
    }

    @Test("after a failed write every sync fails, and the key is not in the file")
    func failedSync() throws {
        // The device is full as soon as anything is written to it.
        let full = try Keyring.onFullDevice(setID: setID, rootKey: rootKey)
        try full.sync()
        _ = try full.key(forNamespace: 1)
        let error = #expect(throws: EnvironmentError.self) { try full.sync() }
        #expect(error == .system(call: "write", path: "/dev/full", errno: 28))
        #expect(throws: EnvironmentError.self) { try full.sync() }
    }
}

extension Keyring {
    fileprivate static func onFullDevice(setID: SetID, rootKey: RootKey) throws -> Keyring {
        let (header, _) = try KeyringHeader.create(setID: setID, rootKey: rootKey)
        let descriptor = Descriptor.openForWriting("/dev/full")
        return Keyring(path: "/dev/full", header: header, contents: KeyringContents(), descriptor: descriptor)
    }
}
