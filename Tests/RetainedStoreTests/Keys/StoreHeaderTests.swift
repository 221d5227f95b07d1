import Testing

@testable import RetainedStore

@Suite("latch.store")
struct StoreHeaderTests {
    private let directory = TemporaryDirectory()
    private var path: String { directory.file("latch.store") }

    private func create(_ masterKey: MasterKey) throws -> (header: StoreHeader, rootKey: RootKey) {
        let (header, rootKey) = try StoreHeader.create(masterKey: masterKey)
        try header.write(to: path, keys: DerivedKeys(rootKey: rootKey, setID: header.setID))
        return (header, rootKey)
    }

    private func parse(_ bytes: [UInt8]) throws -> StoreHeader {
        try bytes.withUnsafeBytes { bytes throws(StoreHeaderError) in try StoreHeader.parse(bytes, path: path) }
    }

    @Test("opens with its key, and gives the root key back")
    func opens() throws {
        let masterKey = try MasterKey.random()
        let (header, rootKey) = try create(masterKey)
        let read = try StoreHeader.read(from: path)
        #expect(read.setID == header.setID && read.timeline == header.timeline && read.slots == header.slots)
        let opened = try read.open(with: masterKey, path: path)
        #expect(opened.rootKey.secret.copy == rootKey.secret.copy)
        let derived = try DerivedKeys(rootKey: rootKey, setID: header.setID)
        let keys = [derived.index, derived.audit, derived.journal, derived.state, derived.header].map(\.copy)
        #expect([opened.keys.index, opened.keys.audit, opened.keys.journal].map(\.copy) == Array(keys[..<3]))
        #expect(Set(keys).count == 5, "one key per purpose")
        #expect(keys.map(\.count) == [16, 32, 32, 32, 32])
    }

    @Test("has the bytes that Format.md says")
    func layout() throws {
        let (header, _) = try create(try MasterKey.random())
        let bytes = FileBytes.read(path)
        #expect(bytes.count == 48 + 100 + 16 + 4)
        #expect(Array(bytes[..<8]) == Array("LATCHST\0".utf8))
        #expect(Array(bytes[8..<16]) == [1, 0, 1, 0, 0, 0, 0, 0])
        #expect(Array(bytes[16..<32]).hexadecimal == header.setID.hexadecimal)
        #expect(Array(bytes[32..<48]).hexadecimal == header.timeline.hexadecimal)
        #expect(Array(bytes[48..<56]) == [1, 0, 0, 0, 0, 0, 0, 0])
        #expect(Array(bytes[72..<80]).hexadecimal == header.slots[0].fingerprint.description)
        #expect(Array(bytes[80..<88]) == [UInt8](repeating: 0, count: 8))
    }

    @Test("a wrong key is told apart from damage, and told which key is wanted")
    func wrongKey() throws {
        let masterKey = try MasterKey.random()
        let other = try MasterKey.random()
        _ = try create(masterKey)
        let header = try StoreHeader.read(from: path)
        let fingerprint = try #require(masterKey.fingerprint)
        let expected = StoreHeaderError.wrongKey(
            fingerprint: try #require(other.fingerprint),
            wanted: [KeySlotSummary(kind: .key, fingerprint: fingerprint)]
        )
        #expect(throws: expected) { try header.open(with: other, path: path) }
        #expect(expected.description.contains(fingerprint))
        #expect(throws: StoreHeaderError.wrongPassphrase(wanted: header.slots.map(\.summary))) {
            try header.open(with: MasterKey(passphrase: "a passphrase"), path: path)
        }
    }

    @Test("opens with a passphrase, and with no other")
    func passphrase() throws {
        let (_, rootKey) = try create(try MasterKey(passphrase: "correct horse battery staple"))
        let header = try StoreHeader.read(from: path)
        let opened = try header.open(with: MasterKey(passphrase: "correct horse battery staple\n"), path: path)
        #expect(opened.rootKey.secret.copy == rootKey.secret.copy)
        #expect(throws: StoreHeaderError.wrongPassphrase(wanted: header.slots.map(\.summary))) {
            try header.open(with: MasterKey(passphrase: "correct horse battery stable"), path: path)
        }
        let key = try MasterKey.random()
        #expect(
            throws: StoreHeaderError.wrongKey(
                fingerprint: try #require(key.fingerprint),
                wanted: header.slots.map(\.summary)
            )
        ) { try header.open(with: key, path: path) }
    }

    @Test("each of several slots opens it")
    func slots() throws {
        let keys = try (0..<KeyLimits.slotsMax).map { _ in try MasterKey.random() }
        var (header, rootKey) = try StoreHeader.create(masterKey: keys[0])
        for key in keys.dropFirst() {
            header.slots.append(try KeySlot(wrapping: rootKey, for: key, setID: header.setID))
        }
        try header.write(to: path, keys: DerivedKeys(rootKey: rootKey, setID: header.setID))
        let read = try StoreHeader.read(from: path)
        for key in keys {
            #expect(try read.open(with: key, path: path).rootKey.secret.copy == rootKey.secret.copy)
        }
    }

    @Test("a new timeline replaces the old in the file, and nothing else")
    func timeline() throws {
        let masterKey = try MasterKey.random()
        var (header, rootKey) = try create(masterKey)
        let old = header
        try header.beginTimeline()
        try header.write(to: path, keys: DerivedKeys(rootKey: rootKey, setID: header.setID))
        let read = try StoreHeader.read(from: path)
        _ = try read.open(with: masterKey, path: path)
        #expect(read.timeline == header.timeline && read.timeline != old.timeline)
        #expect(read.setID == old.setID && read.slots == old.slots)
        #expect(FileBytes.read(path + ".new").isEmpty, "the temporary file is gone")
    }

    @Test("every flipped bit and every cut is noticed")
    func flippedBits() throws {
        let masterKey = try MasterKey.random()
        _ = try create(masterKey)
        let bytes = FileBytes.read(path)
        _ = try parse(bytes).open(with: masterKey, path: path)
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: StoreHeaderError.self, "bit \(bit)") { try parse(flipped) }
        }
        for count in 0..<bytes.count {
            #expect(throws: StoreHeaderError.self, "\(count) bytes") { try parse(Array(bytes[..<count])) }
        }
        #expect(throws: StoreHeaderError.self) { try parse(bytes + [0]) }
    }

    @Test("every flipped bit under a corrected checksum is noticed when the store is opened, as damage or by name")
    func flippedBitsUnderGoodChecksum() throws {
        let masterKey = try MasterKey.random()
        _ = try create(masterKey)
        let bytes = FileBytes.read(path)
        for bit in 0..<(bytes.count - 4) * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            StoreHeaderTests.correctChecksum(of: &flipped)
            #expect(throws: StoreHeaderError.self, "bit \(bit)") {
                try parse(flipped).open(with: masterKey, path: path)
            }
        }
    }

    @Test("what is wrong is said by name")
    func names() throws {
        let masterKey = try MasterKey.random()
        _ = try create(masterKey)
        let original = FileBytes.read(path)
        func error(_ change: (inout [UInt8]) -> Void) -> StoreHeaderError? {
            var bytes = original
            change(&bytes)
            StoreHeaderTests.correctChecksum(of: &bytes)
            return #expect(throws: StoreHeaderError.self) { try parse(bytes).open(with: masterKey, path: path) }
        }
        #expect(error { $0[0] = 0 } == .notAStore(path: path))
        #expect(error { $0[8] = 2 } == .unknownVersion(path: path, version: 2))
        #expect(error { $0[12] = 4 } == .unknownFeatures(path: path, flags: 4))
        #expect(error { $0[48] = 9 } == .unknownSlotKind(path: path, slot: 1, kind: 9))
        #expect(
            error {
                $0[48] = 2
                $0[49] = 30
            } == .scryptBeyondLimits(path: path, slot: 1)
        )
        guard case .damaged(let tag)? = error({ $0[100] ^= 1 }) else {
            Issue.record("a changed key slot is damage")
            return
        }
        #expect(tag.offset == 48 + 84 && tag.field == "tag of key slot 1")
        // The slot is whole; what its MAC covers is not.
        guard case .damaged(let mac)? = error({ $0[32] ^= 1 }) else {
            Issue.record("a changed timeline is damage")
            return
        }
        #expect(mac.offset == 148 && mac.field == "AES-CMAC")
        #expect(error { $0 += [1, 2, 3, 4] } != nil)
    }

    @Test("a later version, whose file is longer, is told apart from damage")
    func laterVersion() throws {
        _ = try create(try MasterKey.random())
        var bytes = FileBytes.read(path)
        bytes[8] = 7
        bytes += [UInt8](repeating: 3, count: 5_000)
        StoreHeaderTests.correctChecksum(of: &bytes)
        FileBytes.write(bytes, to: path)
        #expect(throws: StoreHeaderError.unknownVersion(path: path, version: 7)) { try StoreHeader.read(from: path) }
    }

    @Test("no file, and another program's file, are told apart")
    func noStore() throws {
        #expect(throws: StoreHeaderError.missing(path: path)) { try StoreHeader.read(from: path) }
        FileBytes.write(Array("SQLite format 3\0".utf8), to: path)
        #expect(throws: StoreHeaderError.notAStore(path: path)) { try StoreHeader.read(from: path) }
        FileBytes.write([], to: path)
        #expect(throws: StoreHeaderError.notAStore(path: path)) { try StoreHeader.read(from: path) }
    }

    static func correctChecksum(of bytes: inout [UInt8]) {
        let checksum = bytes.withUnsafeBytes { CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0.dropLast(4))) }
        bytes.withUnsafeMutableBytes { $0.storeLittleEndian(checksum, at: $0.count - 4) }
    }
}
