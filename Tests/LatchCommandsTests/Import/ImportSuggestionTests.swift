import Testing

@testable import LatchCommands

/// The command that a refused start names.
@Suite struct ImportSuggestionTests {
    @Test func whatTheBrokerGetsItsKeyFromIsNamed() {
        #expect(
            ImportSuggestion.command(source: "/d/mosquitto.db", store: "/d/latch", key: nil, keyring: nil)
                == "latch import /d/mosquitto.db --into /d/latch"
        )
        #expect(
            ImportSuggestion.command(
                source: "/d",
                store: "/d/latch",
                key: .file(path: "/k/a b.key"),
                keyring: "/k/ring"
            )
                == "latch import /d --into /d/latch --key-file '/k/a b.key' --keyring /k/ring"
        )
        #expect(
            ImportSuggestion.command(source: "/d", store: "s", key: .command("pass 'x'"), keyring: nil)
                == #"latch import /d --into s --key-command 'pass '\''x'\'''"#
        )
        #expect(
            ImportSuggestion.command(source: "", store: "s", key: .passphrase(environment: "P"), keyring: nil)
                == "latch import '' --into s"
        )
    }
}
