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
}
