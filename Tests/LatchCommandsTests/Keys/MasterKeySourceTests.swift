import ArgumentParser
import Testing

@testable import LatchCommands

/// Where a key is looked for, and in which order.
@Suite struct MasterKeySourceTests {
    private static let both = ["LATCH_KEY": "k", "GOCRYPT_PASSWORD": "p"]

    private func find(
        _ arguments: [String],
        _ environment: [String: String] = both,
        file: String? = nil,
        command: String? = nil
    ) throws -> MasterKeySource? {
        MasterKeySource.find(
            try KeyOptions.parse(arguments),
            configuredFile: file,
            configuredCommand: command,
            environment: { environment[$0] }
        )
    }

    @Test func theCommandLineComesFirst() throws {
        #expect(try find(["--key-file", "f"], file: "g", command: "d") == .file(path: "f"))
        #expect(try find(["--key-command", "c"], file: "g", command: "d") == .command("c"))
    }

    @Test func theConfigurationComesBeforeTheEnvironment() throws {
        #expect(try find([], file: "g", command: "d") == .file(path: "g"))
        #expect(try find([], command: "d") == .command("d"))
    }

    @Test func aKeyComesBeforeACredentialBeforeAPassphrase() throws {
        let directory = try TemporaryDirectory()
        var environment = Self.both
        environment["CREDENTIALS_DIRECTORY"] = directory.path
        let path = try directory.write("latch-key", "x")
        #expect(try find([], environment) == .environment(name: "LATCH_KEY"))
        environment["LATCH_KEY"] = nil
        #expect(try find([], environment) == .credential(path: path))
        environment["CREDENTIALS_DIRECTORY"] = directory.file("without")
        #expect(try find([], environment) == .passphrase(environment: "GOCRYPT_PASSWORD"))
        environment["GOCRYPT_PASSWORD"] = nil
        #expect(try find([], environment) == nil)
    }

    @Test func theNameOfASourceTellsNoSecret() throws {
        #expect(MasterKeySource.command("pass show secret-name").name == "the output of the key command")
        #expect(
            MasterKeySource.passphrase(environment: "GOCRYPT_PASSWORD").name == "the passphrase in $GOCRYPT_PASSWORD"
        )
    }
}
