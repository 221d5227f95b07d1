import Mosquitto
import Testing

@testable import LatchCommands

@Suite struct TerminalTextTests {
    @Test func whatMovesTheCursorIsWrittenOut() {
        #expect(TerminalText.printable("house/hall") == "house/hall")
        #expect(TerminalText.printable("grüße/日本") == "grüße/日本")
        #expect(TerminalText.printable("a\u{1B}[2Jb\nc\u{202E}d") == "a\\u{1b}[2Jb\\u{a}c\\u{202e}d")
    }

    @Test func aTableHasOneLineForAMessageWhateverItsTopic() {
        let line = RetainedLine(
            RetainedMessage(topic: Array("a\nb".utf8), payload: [], qos: 0, clientID: Array("c\u{1B}[0m".utf8))
        )
        let table = RetainedLine.table([line])
        #expect(table.split(separator: "\n").count == 2 && !table.contains("\u{1B}"))
        // Scripts get it as it is.
        #expect(line.json.contains("a\\nb"))
    }
}
