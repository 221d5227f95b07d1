import Synchronization
import Testing

@testable import RetainedStore

@Suite("Sealing and opening")
struct SealerTests {
    let envelopes: Envelopes
    let blindKey = [UInt8](0..<65)

    init() throws {
        envelopes = try Envelopes()
    }

    @Test("agrees with swift-crypto at every payload size from 0 to 5,000, both ways")
    func agreement() throws {
        let sealer = try envelopes.sealer()
        let key = try sealer.dataKey(forNamespace: 1)
        let associatedData = envelopes.associatedData(keyID: key.id, recordType: .set, blindKey: blindKey)
        try sealer.beginBatch()
        var random = SeededGenerator(seed: Seed.value)
        let payload = random.bytes(5_000)
        // One batch, so that the reference derives one key for all.
        let first = Envelopes.seal(Message(), with: sealer, key: key, blindKey: blindKey)
        let derivedKey = ReferenceXAES.derivedKey(key: key.secret.copy, noncePrefix: Array(first[..<12]))
        for size in 0...5_000 {
            var message = Message()
            message.payload = Array(payload[..<size])
            let sealed = Envelopes.seal(message, with: sealer, key: key, blindKey: blindKey)
            let plaintext = try ReferenceXAES.open(sealed, associatedData: associatedData, derivedKey: derivedKey)
            guard plaintext == message.plaintext else {
                Issue.record("swift-crypto opens something else at \(size) bytes")
                return
            }
            let nonce = Array(sealed[..<24])
            let again = try ReferenceXAES.seal(
                plaintext,
                associatedData: associatedData,
                derivedKey: derivedKey,
                nonce: nonce
            )
            guard nonce + again == sealed else {
                Issue.record("swift-crypto seals something else at \(size) bytes")
                return
            }
            guard try envelopes.open(nonce + again, keyID: key.id, blindKey: blindKey) == message else {
                Issue.record("what swift-crypto sealed opens as something else at \(size) bytes")
                return
            }
        }
    }

    @Test("every part of a message comes back", arguments: [EnvelopePadding.none, .multiples(of: 64), .sizeClasses])
    func roundTrip(padding: EnvelopePadding) throws {
        var random = SeededGenerator(seed: Seed.value)
        let sealer = try envelopes.sealer(padding: padding)
        for batch in 0..<20 {
            try sealer.beginBatch()
            for _ in 0..<20 {
                let message = Message.random(using: &random)
                let namespace = NamespaceToken.random(in: 0..<5, using: &random)
                let key = try sealer.dataKey(forNamespace: namespace)
                let recordType = Bool.random(using: &random) ? RecordType.set : .clear
                let sealed = Envelopes.seal(
                    message,
                    with: sealer,
                    key: key,
                    recordType: recordType,
                    blindKey: blindKey
                )
                #expect(sealed.count == padding.paddedBytes(message.plaintext.count) + 40)
                let opened = try envelopes.open(
                    sealed,
                    keyID: key.id,
                    recordType: recordType,
                    blindKey: blindKey
                )
                #expect(opened == message, "batch \(batch), seed \(Seed.value)")
            }
        }
    }

    @Test("opens where it lies")
    func inPlace() throws {
        let sealer = try envelopes.sealer()
        try sealer.beginBatch()
        let key = try sealer.dataKey(forNamespace: 1)
        var message = Message()
        message.payload = Array("payload".utf8)
        var sealed = Envelopes.seal(message, with: sealer, key: key, blindKey: blindKey)
        let opened = try sealed.withUnsafeMutableBytes { bytes in
            try blindKey.withUnsafeBytes { blindKey in
                Message(
                    try envelopes.opener.open(
                        UnsafeRawBufferPointer(bytes),
                        recordType: .set,
                        blindKey: blindKey,
                        keyID: key.id,
                        into: UnsafeMutableRawBufferPointer(rebasing: bytes[24...])
                    )
                )
            }
        }
        #expect(opened == message)
    }

    @Test("a record that was changed or moved does not open")
    func bindings() throws {
        let sealer = try envelopes.sealer()
        try sealer.beginBatch()
        let key = try sealer.dataKey(forNamespace: 1)
        let neighbour = try sealer.dataKey(forNamespace: 2)
        let sealed = Envelopes.seal(Message(), with: sealer, key: key, blindKey: blindKey)
        for bit in 0..<sealed.count * 8 {
            var flipped = sealed
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: EnvelopeError.notAuthentic, "bit \(bit)") {
                try envelopes.open(flipped, keyID: key.id, blindKey: blindKey)
            }
        }
        #expect(throws: EnvelopeError.notAuthentic) {
            try envelopes.open(sealed, keyID: key.id, recordType: .clear, blindKey: blindKey)
        }
        #expect(throws: EnvelopeError.notAuthentic) {
            try envelopes.open(sealed, keyID: neighbour.id, blindKey: blindKey)
        }
        #expect(throws: EnvelopeError.notAuthentic) {
            try envelopes.open(sealed, keyID: key.id, blindKey: blindKey.reversed())
        }
        #expect(throws: EnvelopeError.notAuthentic) {
            try envelopes.open(sealed, keyID: key.id, blindKey: Array(blindKey.dropLast(16)))
        }
        #expect(throws: EnvelopeError.unknownKey(5)) { try envelopes.open(sealed, keyID: 5, blindKey: blindKey) }
        let otherStore = try Opener(setID: envelopes.setID ^ 1, keyring: envelopes.keyring)
        #expect(throws: EnvelopeError.notAuthentic) {
            try Envelopes.open(sealed, with: otherStore, keyID: key.id, blindKey: blindKey)
        }
        for count in [0, 1, 39, 79] {
            #expect(throws: EnvelopeError.tooShort(found: count)) {
                try envelopes.open(Array(sealed[..<count]), keyID: key.id, blindKey: blindKey)
            }
        }
        #expect(try envelopes.open(sealed, keyID: key.id, blindKey: blindKey) == Message())
    }

    @Test("more namespaces than the caches hold seal and open all the same")
    func manyKeys() throws {
        let sealer = try envelopes.sealer()
        try sealer.beginBatch()
        var random = SeededGenerator(seed: Seed.value)
        // Two sets of namespaces of which all keys are asked for before any is used.
        let keys = try (0..<700).map { try sealer.dataKey(forNamespace: NamespaceToken($0)) }
        var sealed: [(key: DataKey, bytes: [UInt8], message: Message)] = []
        for _ in 0..<1_500 {
            let key = keys[Int.random(in: keys.indices, using: &random)]
            var message = Message()
            message.payload = random.bytes(8)
            let bytes = Envelopes.seal(message, with: sealer, key: key, blindKey: blindKey)
            sealed.append((key, bytes, message))
        }
        for (key, bytes, message) in sealed.shuffled(using: &random) {
            #expect(
                try envelopes.open(bytes, keyID: key.id, blindKey: blindKey) == message,
                "seed \(Seed.value)"
            )
        }
    }

    @Test("keys that only the file has are found when a store is opened again")
    func reopened() throws {
        let sealer = try envelopes.sealer()
        try sealer.beginBatch()
        let key = try sealer.dataKey(forNamespace: 1)
        let sealed = Envelopes.seal(Message(), with: sealer, key: key, blindKey: blindKey)
        try envelopes.keyring.sync()
        let keyring = try Keyring.open(
            path: envelopes.keyring.path,
            setID: envelopes.setID,
            rootKey: envelopes.rootKey
        )
        let opener = try Opener(setID: envelopes.setID, keyring: keyring)
        #expect(try Envelopes.open(sealed, with: opener, keyID: key.id, blindKey: blindKey) == Message())
    }

    @Test("Keys are wiped beside whoever opens, a batch or a single envelope, and never under his hands")
    func openedWhileKeysAreWiped() throws {
        let sealer = try envelopes.sealer()
        try sealer.beginBatch()
        let key = try sealer.dataKey(forNamespace: 1)
        let sealed = Envelopes.seal(Message(), with: sealer, key: key, blindKey: blindKey)
        let isOver = Atomic<Bool>(false)
        let (keyring, setID, blindKey) = (envelopes.keyring, envelopes.setID, blindKey)
        let results = Collected<Bool>()
        try inParallel([
            {
                while !isOver.load(ordering: .relaxed) { keyring.wipeKeysAtHand() }
            },
            {
                defer { isOver.store(true, ordering: .relaxed) }
                guard let opener = try? Opener(setID: setID, keyring: keyring) else { return }
                for _ in 0..<20_000 {
                    let message = try? Envelopes.open(sealed, with: opener, keyID: key.id, blindKey: blindKey)
                    if message != Message() { return results.append(false) }
                }
                results.append(true)
            },
        ])
        #expect(results.all == [true])
    }
}
