import ArgumentParser
import Testing

@testable import LatchCommands

/// The command line.
@Suite struct LatchCommandTests {
    @Test(arguments: [
        (["/usr/sbin/mosquitto", "-c", "f", "-v"], ["serve", "-c", "f", "-v"]),
        (["mosquitto"], ["serve"]),
        (["latch", "serve"], ["serve"]),
        (["/opt/mosquitto/latch"], []),
        ([], []),
    ])
    func aProgramCalledMosquittoNeedsNoVerb(words: [String], arguments: [String]) {
        #expect(LatchCommand.arguments(words) == arguments)
    }

    @Test func mosquittosOptionsAreServes() throws {
        let command = try #require(
            try LatchCommand.parseAsRoot(["serve", "-c", "m.conf", "-p", "1", "-p", "2", "-vd"]) as? ServeCommand
        )
        #expect(command.configurationFile == "m.conf")
        #expect(command.port == [1, 2])
        #expect(command.verbose && command.daemon && !command.quiet && !command.isTest)
    }

    @Test(arguments: [
        ["serve", "--key-file", "f", "--key-command", "c"], ["serve", "-c", "f", "--store", "s"],
        ["serve", "-p", "65536"],
        ["serve", "--nonsense"], ["recover"], ["verify"], ["nonsense"],
    ])
    func whatIsNotUnderstoodIsAUsageError(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try LatchCommand.parseAsRoot(arguments) }
        #expect(error.map { LatchCommand.exitCode(for: $0) } == .validationFailure)
    }
}
