import Glibc
import Testing

@testable import RetainedStore

@Suite struct StoreAccessTests {
    @Test("A second opening finds the store busy, until the first one closes")
    func busy() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        #expect(throws: StoreError.busy(directory: fixture.path())) { try fixture.open() }
        try store.close()
        try fixture.open().close()
    }

    @Test("A wrong key is told apart from damage, and says which key the store wants")
    func wrongKey() throws {
        let fixture = try StoreFixture()
        try fixture.open().close()
        let other = try MasterKey.random()
        #expect {
            try RetainedStore.open(fixture.options(), masterKey: other)
        } throws: { error in
            guard case .header(.wrongKey(let given, let wanted)) = error as? StoreError else { return false }
            return given == other.fingerprint && wanted.count == 1
        }
    }

    @Test("A directory without a store, and one with a store, are refused by opening and creating")
    func missingAndExisting() throws {
        let fixture = try StoreFixture()
        #expect(throws: StoreError.missing(directory: fixture.path())) {
            try RetainedStore.open(fixture.options(), masterKey: fixture.masterKey)
        }
        try fixture.open().close()
        #expect(throws: StoreError.exists(directory: fixture.path())) {
            try RetainedStore.create(fixture.options(), masterKey: fixture.masterKey)
        }
    }

    @Test("A store that has lost its header is not taken for an empty directory")
    func lostHeader() throws {
        let fixture = try StoreFixture()
        try fixture.open().close()
        unlink(fixture.path() + "/latch.store")
        #expect {
            try RetainedStore.create(fixture.options(), masterKey: fixture.masterKey)
        } throws: { error in
            if case .damaged = error as? StoreError { true } else { false }
        }
    }

    @Test("A creation that was interrupted before the header was written is begun anew")
    func interruptedCreation() throws {
        let fixture = try StoreFixture()
        try RetainedStore.makeDirectories(fixture.path() + "/journal")
        try RetainedStore.makeDirectories(fixture.path() + "/index")
        let store = try fixture.open()
        try store.makeWriter().set("t", "1")
        #expect(try store.makeReader().get("t") == "1")
    }

    @Test("The store's directory and files are for their owner only")
    func modes() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        try store.makeWriter().set("t", "1")
        try store.checkpoint()
        // Or the next segment gets its name meanwhile.
        try store.close()
        func mode(_ path: String) -> mode_t {
            var status = stat()
            return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
        }
        #expect(mode(fixture.path()) == 0o700)
        #expect(mode(fixture.path() + "/journal") == 0o700)
        #expect(mode(fixture.path() + "/index") == 0o700)
        for path in ["latch.store", "keyring", "lock", "index/data.mdb", "index/lock.mdb"] {
            #expect(mode(fixture.path() + "/" + path) == 0o600, "\(path)")
        }
        for path in try fixture.segmentPaths() { #expect(mode(path) == 0o600) }
    }

    @Test("A closed store refuses, and closing twice does nothing")
    func closed() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        try store.close()
        try store.close()
        #expect(throws: StoreError.closed) { try writer.set("t", "1") }
        #expect(throws: StoreError.closed) { try store.checkpoint() }
    }

    @Test("Opened again and again, a store keeps everything and does not grow")
    func reopening() throws {
        let fixture = try StoreFixture()
        for number in 0..<25 {
            let store = try fixture.open()
            try store.makeWriter().set("t/\(number % 7)", "\(number)")
            #expect(try store.makeReader().scan("#").count == min(number + 1, 7))
            try store.close()
        }
        let store = try fixture.open()
        #expect(try store.makeReader().get("t/3") == "24")
        try store.checkpoint()
        try store.close()
        // Those kept by the limit, the spares, and the one in use.
        let names = try PosixDisk().names(in: fixture.path() + "/journal")
        #expect(names.count <= fixture.limits.segmentsMax + fixture.limits.sparesMax + 2)
    }

    @Test("S2: no topic, payload, client id or user name is in any file of a store")
    func nothingInClear() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        try writer.set("secret-topic-name/level-in-clear", "payload-in-clear-text")
        try store.checkpoint()
        try writer.set("secret-topic-name/level-in-clear", "payload-in-clear-text")
        try writer.clear("secret-topic-name/other")
        try store.close()
        let words = ["secret-topic", "level-in-clear", "payload-in", "client-7", "alice"].map { Array($0.utf8) }
        for path in ["latch.store", "keyring", "index/data.mdb"].map({ fixture.path() + "/" + $0 })
            + (try fixture.segmentPaths())
        {
            let bytes = FileBytes.read(path)
            #expect(!bytes.isEmpty)
            for word in words { #expect(!bytes.contains(word), "\(path)") }
        }
    }
}
