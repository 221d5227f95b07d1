import ArgumentParser
import Glibc
import Logging
import RetainedStore
import Testing

@testable import LatchCommands

/// Which store and which key a start takes, and when it refuses.
@Suite struct StoreOpeningTests {
    private let directory: TemporaryDirectory
    private let log: Logger

    init() throws {
        let directory = try TemporaryDirectory()
        let output = try LogOutput(destinations: [.file(directory.file("log"))], timestamp: .none)
        self.directory = directory
        log = Logger(label: "test") { _ in MosquittoLogHandler(output: output, types: .all) }
    }

    private func settings(_ location: String = "data") throws -> ServeSettings {
        try ServeSettings(text: "persistence true\npersistence_location \(directory.file(location))\n")
    }

    private func open(_ settings: ServeSettings, key: String?) throws -> StoreOpening.Opened {
        // A command in place of the environment, which is not this test's: it fails where no key is to be given.
        let keys = try KeyOptions.parse(key.map { ["--key-file", directory.file($0)] } ?? ["--key-command", "exit 1"])
        return try StoreOpening(settings, keys).open(log)
    }

    @Test func theKeyringLiesBesideTheKeyAndIsFoundAgainWhateverTheStoreIsCalledBy() throws {
        _ = try NewKeyFile.create(at: directory.file("keys/a.key"))
        try #require(symlink(directory.path, directory.file("link")) == 0)
        // The folder of the store does not exist yet, and its path has a link in it.
        let first = try open(settings("link/data"), key: "keys/a.key").store
        let keyring = first.options.location.keyringPath
        try first.close()
        #expect(keyring.hasPrefix(directory.file("keys/")) && keyring.hasSuffix("-data-latch.keyring"))
        let second = try open(settings("data"), key: "keys/a.key").store
        #expect(second.options.location.keyringPath == keyring)
        try second.close()
        let lines = directory.text("log")
        #expect(lines.contains("losing the master key or the keyring loses the data"))
        #expect(lines.contains("opened the store"))
    }

    @Test func anotherKeyIsRefusedAndTheWantedOneNamed() throws {
        let wanted = try #require(try NewKeyFile.create(at: directory.file("a.key")).fingerprint)
        _ = try NewKeyFile.create(at: directory.file("b/b.key"))
        try open(settings(), key: "a.key").store.close()
        let failure = #expect(throws: CommandFailure.self) { try open(settings(), key: "b/b.key") }
        #expect(failure?.status == .key)
        #expect(failure?.description.contains(wanted) == true)
    }

    @Test func withoutAKeyNoStoreIsMade() throws {
        let failure = #expect(throws: CommandFailure.self) { try open(settings(), key: nil) }
        #expect(failure?.status == .key)
        #expect(!Directory.exists(directory.file("data")))
    }

    @Test(arguments: ["mosquitto.db", "gocryptfs.conf"])
    func whatAnOlderDeploymentLeftIsNotPassedOver(name: String) throws {
        _ = try NewKeyFile.create(at: directory.file("a.key"))
        try Directory.create(directory.file("data"))
        try directory.write("data/\(name)", "x")
        let failure = #expect(throws: CommandFailure.self) { try open(settings(), key: "a.key") }
        #expect(failure?.status == .configuration)
        #expect(failure?.description.contains("latch import") == true)
        #expect(!Directory.exists(directory.file("data/latch")))
    }

    @Test func aTemporaryStoreGoesWithItsBroker() throws {
        let opened = try open(try ServeSettings(text: "persistence false\n"), key: nil)
        let path = try #require(opened.temporaryDirectory)
        #expect(Directory.exists(path + "/store/latch.store"))
        try opened.store.close()
        opened.removeIfTemporary()
        #expect(!Directory.exists(path))
        #expect(directory.text("log").hasPrefix("Warning: persistence is false"))
    }

    @Test func aKeyThatOthersCanReadIsWarnedAbout() throws {
        _ = try NewKeyFile.create(at: directory.file("a.key"))
        try #require(chmod(directory.file("a.key"), 0o644) == 0)
        try open(settings(), key: "a.key").store.close()
        #expect(directory.text("log").contains("chmod 600 \(directory.file("a.key"))"))
    }
}
