import Glibc
import Testing

@testable import RetainedStore

/// S1: no (key, nonce) pair is ever used twice, whatever crashes, is restored or cloned.
@Suite("Nonces")
struct NonceTests {
    let envelopes: Envelopes
    let blindKey = [UInt8](0..<33)

    init() throws {
        envelopes = try Envelopes()
    }

    private func seal(_ sealer: Sealer, namespace: NamespaceToken, count: Int) throws -> [[UInt8]] {
        let key = try sealer.dataKey(forNamespace: namespace)
        return (0..<count).map { _ in
            Array(Envelopes.seal(Message(), with: sealer, key: key, blindKey: blindKey)[..<24])
        }
    }

    @Test("within a batch the prefix stays and the counter counts, across data keys")
    func batch() throws {
        let sealer = try envelopes.sealer()
        try sealer.beginBatch()
        let nonces = try (0..<300).flatMap { try seal(sealer, namespace: NamespaceToken($0 % 3), count: 1) }
        for (index, nonce) in nonces.enumerated() {
            #expect(nonce[..<12] == nonces[0][..<12])
            #expect(Array(nonce[12...]) == [UInt8](repeating: 0, count: 10) + [UInt8(index >> 8), UInt8(index & 0xFF)])
        }
    }

    @Test("a new batch has a new prefix, and counts from zero")
    func batches() throws {
        let sealer = try envelopes.sealer()
        var prefixes: Set<[UInt8]> = []
        for _ in 0..<1_000 {
            try sealer.beginBatch()
            let nonce = try #require(try seal(sealer, namespace: 1, count: 1).first)
            #expect(nonce[12...].allSatisfy { $0 == 0 })
            prefixes.insert(Array(nonce[..<12]))
        }
        #expect(prefixes.count == 1_000)
    }

    @Test("writers side by side, and stores opened again from the same files, never meet")
    func forks() throws {
        // Every round opens the same keyring file anew, as a restored backup, a clone or a restart does, and seals with
        // several writers under the same data key.
        _ = try envelopes.keyring.key(forNamespace: 1)
        try envelopes.keyring.sync()
        var seen: Set<[UInt8]> = []
        var count = 0
        for _ in 0..<20 {
            let keyring = try Keyring.open(
                path: envelopes.keyring.path,
                setID: envelopes.setID,
                rootKey: envelopes.rootKey
            )
            for _ in 0..<5 {
                let sealer = try Sealer(setID: envelopes.setID, keyring: keyring)
                try sealer.beginBatch()
                let nonces = try seal(sealer, namespace: 1, count: 10)
                count += nonces.count
                seen.formUnion(nonces)
            }
        }
        #expect(seen.count == count)
        #expect(
            try Keyring.open(path: envelopes.keyring.path, setID: envelopes.setID, rootKey: envelopes.rootKey).count
                == 1
        )
    }

    @Test("crashed, cloned, backed up, restored, rotated and gone on with everywhere, no pair seals two texts")
    func everywhere() throws {
        let fixture = try StoreFixture()
        fixture.limits.segmentBytes = 64 << 10
        fixture.limits.groupBytesMax = 8 << 10
        fixture.limits.passChangedMax = 16
        var pairs = SealedPairs()
        var number = 0
        /// Opens a store, overwrites the same topics from several writers, ends it or leaves it as a crash would.
        func goOn(_ name: String, rotating: Bool = false, then: (RetainedStore) throws -> Void = { _ in }) throws {
            let store = try fixture.open(name)
            let writers = try (0..<3).map { _ in try store.makeWriter() }
            for round in 0..<20 {
                for writer in writers {
                    let batch = (0..<8).map { topic -> (topic: String, payload: String?) in
                        number += 1
                        return ("user-\(topic % 3)/\(topic)", number % 9 == 0 ? nil : "\(number)")
                    }
                    store.waitUntilDurable(try writer.commit(batch))
                }
                if round == 10 {
                    try store.checkpoint()
                    if rotating { try store.rotateKeys(isPaced: false) }
                }
            }
            try then(store)
            try store.close()
            try pairs.add(storeIn: fixture.path(name), limits: fixture.limits)
        }
        try goOn("store")
        // What a crash leaves, and two clones of the machine: all of them go on with the same keys and numbers.
        try goOn("store", rotating: true) { _ in
            for clone in ["crashed", "clone-1", "clone-2"] { try fixture.copy(to: clone) }
        }
        for clone in ["crashed", "clone-1", "clone-2", "store"] {
            for rotating in [false, true] { try goOn(clone, rotating: rotating) }
        }
        // One backup, restored twice, while the store itself goes on.
        try goOn("store") { store in _ = try store.backup(to: fixture.path("backup"), nowSeconds: 1) }
        for restored in ["restored-1", "restored-2"] { try fixture.copy("backup", to: restored) }
        for name in ["restored-1", "restored-2", "store"] { try goOn(name, rotating: true) }
        #expect(pairs.repeatedCount == 0)
        #expect(pairs.count > 5_000)
    }

    @Test("the gathering of pairs finds one that seals two texts, and takes copies for what they are")
    func gathering() throws {
        let sealer = try envelopes.sealer()
        try sealer.beginBatch()
        let key = try sealer.dataKey(forNamespace: 1)
        var bytes = Envelopes.seal(Message(), with: sealer, key: key, blindKey: blindKey)
        var pairs = SealedPairs()
        for _ in 0..<2 { bytes.withUnsafeBytes { pairs.add(keyID: key.id, $0) } }
        #expect(pairs.count == 1 && pairs.repeatedCount == 0)
        bytes[30] ^= 1
        bytes.withUnsafeBytes { pairs.add(keyID: key.id, $0) }
        #expect(pairs.repeatedCount == 1)
    }

    @Test("a forked child that seals with its parent's counters ends before it has sealed anything")
    func forkedChild() throws {
        let sealer = try envelopes.sealer()
        try sealer.beginBatch()
        let key = try sealer.dataKey(forNamespace: 1)
        _ = Envelopes.seal(Message(), with: sealer, key: key, blindKey: blindKey)
        // Swift marks fork() as unavailable.
        let symbol = try #require(dlsym(nil, "fork"))
        let fork = unsafeBitCast(symbol, to: (@convention(c) () -> pid_t).self)
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(nowhere) }
        let child = fork()
        if child == 0 {
            // It ends as a program without a crash reporter does, and its last words go nowhere.
            for number in [SIGILL, SIGTRAP] { signal(number, SIG_DFL) }
            dup2(nowhere, STDERR_FILENO)
            _ = Envelopes.seal(Message(), with: sealer, key: key, blindKey: blindKey)
            _exit(0)
        }
        try #require(child > 0)
        var status: Int32 = 0
        #expect(waitpid(child, &status, 0) == child)
        #expect([SIGILL, SIGTRAP].contains(status & 0x7F), "wait status \(status)")
        // The parent goes on.
        _ = Envelopes.seal(Message(), with: sealer, key: key, blindKey: blindKey)
    }
}
