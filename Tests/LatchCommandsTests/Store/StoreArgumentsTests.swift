import ArgumentParser
import RetainedStore
import Testing

@testable import LatchCommands

/// Which store and which key the commands that look into a store take.
@Suite struct StoreArgumentsTests {
    @Test func theKeyThatServeMadeIsFound() throws {
        let directory = try TemporaryDirectory()
        let arguments = try StoreArguments.parse([directory.path])
        let environment = { (name: String) in name == "HOME" ? directory.path : nil }
        #expect(arguments.keySource(environment: environment) == nil)
        let path = directory.file(".config/latch/master.key")
        _ = try NewKeyFile.create(at: path)
        #expect(arguments.keySource(environment: environment) == .file(path: path))
        let named = try StoreArguments.parse([directory.path, "--key-file", "other"])
        #expect(named.keySource(environment: environment) == .file(path: "other"))
    }

    @Test func noStoreIsAMistakeAndAHeaderThatIsGoneIsDamage() throws {
        let directory = try TemporaryDirectory()
        let arguments = try StoreArguments.parse([directory.file("store")])
        let none = #expect(throws: CommandFailure.self) { try arguments.location(nil) }
        #expect(none?.status == .usage)
        try Directory.create(directory.file("store/journal"))
        let gone = #expect(throws: CommandFailure.self) { try arguments.location(nil) }
        #expect(gone?.status == .damagedStore)
    }

    @Test func theKeyringThatIsNamedIsTaken() throws {
        let directory = try TemporaryDirectory()
        try directory.write("latch.store", "x")
        let plain = try StoreArguments.parse([directory.path])
        #expect(try plain.location(nil).keyringPath == directory.file("keyring"))
        let named = try StoreArguments.parse([directory.path, "--keyring", "k"])
        #expect(try named.location(nil).keyringPath == "k")
    }
}
