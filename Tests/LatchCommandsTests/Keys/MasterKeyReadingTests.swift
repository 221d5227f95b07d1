import Glibc
import RetainedStore
import Testing

@testable import LatchCommands

/// What is taken for a key, and that the message about anything else does not repeat it.
@Suite struct MasterKeyReadingTests {
    private static let raw = [UInt8](0..<32)
    private static let hexadecimal = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    private static let base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    private func expected() throws -> String? {
        try Self.raw.withUnsafeBytes { try MasterKey(bytes: $0) }.fingerprint
    }

    @Test(arguments: [raw, Array(hexadecimal.utf8), Array((hexadecimal + "\n").utf8), Array((base64 + "\r\n").utf8)])
    func aFileHoldsBytesOrText(content: [UInt8]) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("key", content)
        #expect(try MasterKeySource.file(path: path).read().fingerprint == expected())
        #expect(try MasterKeySource.credential(path: path).read().fingerprint == expected())
    }

    @Test(arguments: [
        [], Array(raw.dropLast()), raw + [0x2E, 0x2E], Array(hexadecimal.utf8.dropLast()), Array("swordfish".utf8),
        [UInt8](repeating: 0x61, count: 10_000),
    ])
    func anythingElseIsNoKey(content: [UInt8]) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("key", content)
        let failure = #expect(throws: CommandFailure.self) { try MasterKeySource.file(path: path).read() }
        #expect(failure?.status == .key)
        #expect(failure?.description.contains(path) == true)
        #expect(failure?.description.contains("swordfish") == false)
    }

    @Test func aFileThatIsNotThereIsAMissingKey() throws {
        let directory = try TemporaryDirectory()
        let failure = #expect(throws: CommandFailure.self) {
            try MasterKeySource.file(path: directory.file("none")).read()
        }
        #expect(failure?.status == .key)
        #expect(failure?.description.contains("No such file") == true)
    }

    @Test func aCommandPrintsTheKey() throws {
        #expect(try MasterKeySource.command("echo \(Self.base64)").read().fingerprint == expected())
    }

    @Test(arguments: [
        ("echo \(base64); exit 3", "status 3"), ("echo swordfish", "no master key"), ("true", "no master key"),
    ])
    func aCommandThatFailsGivesNoKey(command: String, part: String) {
        let failure = #expect(throws: CommandFailure.self) { try MasterKeySource.command(command).read() }
        #expect(failure?.status == .key)
        #expect(failure?.description.contains(part) == true)
        #expect(failure?.description.contains("swordfish") == false)
    }

    @Test func aVariableThatHoldsNoKeyIsNotRepeated() throws {
        let path = String(cString: try #require(getenv("PATH")))
        let failure = #expect(throws: CommandFailure.self) { try MasterKeySource.environment(name: "PATH").read() }
        #expect(failure?.status == .key)
        #expect(failure?.description.contains(path) == false)
        // Any text is a passphrase; what it opens depends on the store.
        #expect(try MasterKeySource.passphrase(environment: "PATH").read().fingerprint == nil)
    }

    @Test func aNewKeyFileIsItsOwnersAloneAndNeverReplaced() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("config/latch/master.key")
        let key = try NewKeyFile.create(at: path)
        #expect(try directory.mode("config/latch/master.key") == 0o600)
        #expect(try directory.mode("config/latch") == 0o700)
        #expect(try MasterKeySource.file(path: path).read().fingerprint == key.fingerprint)
        #expect(throws: CommandFailure.self) { try NewKeyFile.create(at: path) }
        #expect(try MasterKeySource.file(path: path).read().fingerprint == key.fingerprint)
    }
}
