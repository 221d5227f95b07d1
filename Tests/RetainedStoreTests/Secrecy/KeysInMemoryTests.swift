import Foundation
import Synchronization
import Testing

@testable import RetainedStore

/// Keys are in locked memory while a store is open, nowhere once it is closed, and in no file ever.
///
/// Each in a process of its own: whether libcrypto's memory is locked is decided before its first use.
@Suite("Keys in memory") struct KeysInMemoryTests {
    @Test("a closed store leaves no key anywhere in memory, an open one only where it is locked, and no file has one")
    func closing() async {
        await #expect(processExitsWith: .success) {
            try Self.require(ProcessProtection.lockLibcryptoMemory(), "libcrypto takes the locked heap")
            let search = try MemorySearch()
            try Self.use { fixture, store in
                try Self.addSecrets(of: fixture, store, to: search)
                let hits = search.run()
                for secret in ["master key", "root key", "index key", "keyring key", "data key of a", "data key of b"] {
                    try Self.require(hits.contains { $0.secret == secret }, "\(secret) is where it is used")
                }
                // Where the limit on locked memory is lower than what is needed, keys are elsewhere, too.
                guard SecretArena.shared.unlockedBytes == 0 else { return }
                let unprotected = hits.filter { !$0.isProtected }
                try Self.require(unprotected.isEmpty, "only in locked memory: \(unprotected)")
            } closed: { directory in
                let names = FileManager.default.enumerator(atPath: directory)?.allObjects as? [String] ?? []
                try Self.require(names.contains("store/keyring") && names.contains("backup/keyring"), "\(names)")
                for name in names {
                    let bytes = FileManager.default.contents(atPath: directory + "/" + name) ?? Data()
                    try Self.require(!search.isIn(Array(bytes)), "no key in \(name)")
                }
            }
            let hits = search.run()
            try Self.require(hits.isEmpty, "nowhere after close: \(hits)")
        }
    }

    @Test("a shred wipes the namespace's keys wherever they are at hand, also where nobody goes on using them")
    func shredding() async {
        await #expect(processExitsWith: .success) {
            try Self.require(ProcessProtection.lockLibcryptoMemory(), "libcrypto takes the locked heap")
            let search = try MemorySearch()
            let fixture = try StoreFixture()
            fixture.limits.mapBytes = 1 << 26
            let store = try fixture.open()
            // Idle ones: one has written of the namespace and one has read of it, and neither does anything more.
            let (writer, reader) = (try store.makeWriter(), try store.makeReader())
            for topic in ["a/1", "c/1"] { store.waitUntilDurable(try writer.set(topic, "x")) }
            try Self.require(try reader.scan("#").count == 2, "two messages")
            let token = try store.token(ofNamespace: "c")
            for key in store.keyring.keys.withLock({ $0.keys(of: .namespace(token)) }) { search.add("c", key.secret) }
            try Self.require(!search.run().isEmpty, "the key is where it is used")
            _ = try store.shred(namespace: "c")
            let hits = search.run()
            try Self.require(hits.isEmpty, "nowhere after the shred: \(hits)")
            // And both go on.
            store.waitUntilDurable(try writer.set("c/2", "y"))
            try Self.require(try reader.scan("#") == ["a/1": "x", "c/2": "y"], "what is not shredded")
            try store.close()
        }
    }

    @Test("memory that is dumped is found by the search, which therefore can fail")
    func canary() async {
        await #expect(processExitsWith: .success) {
            let search = try MemorySearch()
            let secret = try SecretBytes.random(count: 32)
            search.add("secret", secret)
            let copy = secret.withUnsafeBytes { Array($0) }
            let hits = search.run()
            try Self.require(hits.contains { !$0.isProtected }, "the copy on the heap: \(copy.count) bytes")
            try Self.require(search.isIn([1, 2] + copy), "the copy in a file")
        }
    }

    /// Lives with a store: three namespaces, a rotation, a shred, a checkpoint, a backup. When this returns, nobody has
    /// anything of it any more.
    ///
    /// - Parameters:
    ///   - whileOpen: Called while it is open.
    ///   - closed: Called with the directory of everything that was written.
    private static func use(
        _ whileOpen: (StoreFixture, RetainedStore) throws -> Void,
        closed: (String) throws -> Void = { _ in }
    ) throws {
        let fixture = try StoreFixture()
        fixture.limits.mapBytes = 1 << 26
        let store = try fixture.open()
        try fill(store)
        _ = try store.shred(namespace: "c")
        _ = try store.makeReader().scan("#")
        _ = try store.backup(to: fixture.path("backup"), nowSeconds: 1)
        try whileOpen(fixture, store)
        try store.close()
        try closed(fixture.path("."))
    }

    /// With a writer that nobody has any more afterwards.
    private static func fill(_ store: RetainedStore) throws {
        let writer = try store.makeWriter()
        for topic in ["a/1", "b/1", "c/1"] { store.waitUntilDurable(try writer.set(topic, "x")) }
        try store.checkpoint()
        try store.rotateKeys(isPaced: false)
        try store.waitForRotation()
        store.waitUntilDurable(try writer.set("a/1", "y"))
    }

    private static func addSecrets(of fixture: StoreFixture, _ store: RetainedStore, to search: MemorySearch) throws {
        if case .key(let key, _) = fixture.masterKey.material { search.add("master key", key) }
        let header = store.keyring.file.withLock { $0.header }
        search.add("root key", header.rootKey.secret)
        search.add("keyring key", header.keyringKey)
        for (name, key) in [
            ("index key", store.keys.index), ("audit key", store.keys.audit), ("journal key", store.keys.journal),
            ("state key", store.keys.state), ("header key", store.keys.header),
        ] { search.add(name, key) }
        for name in ["a", "b"] {
            let token = try store.token(ofNamespace: name)
            for key in store.keyring.keys.withLock({ $0.keys(of: .namespace(token)) }) {
                search.add("data key of \(name)", key.secret)
            }
        }
    }

    private static func require(_ condition: Bool, _ what: String) throws {
        if condition { return }
        // What a process of its own prints is not shown, what it complains about is.
        FileHandle.standardError.write(Data("not true: \(what)\n".utf8))
        throw Failure(what: what)
    }

    private struct Failure: Error {
        var what: String
    }
}
