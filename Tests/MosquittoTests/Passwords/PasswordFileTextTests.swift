import Mosquitto
import Testing

/// Changing one line of a password file.
struct PasswordFileTextTests {
    private func text(_ lines: String...) -> PasswordFileText {
        PasswordFileText(Array(lines.joined(separator: "\n").utf8))
    }

    private func lines(_ text: PasswordFileText) -> [String] {
        String(decoding: text.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast().map(String.init)
    }

    @Test func aNewUserComesLastAndOthersStayAsTheyAre() {
        var file = text("# comment:x", "alice:a", "", "no colon", "bob : b ")
        file.set(Array("carol".utf8), hash: "c")
        #expect(lines(file) == ["# comment:x", "alice:a", "", "no colon", "bob : b ", "carol:c"])
    }

    @Test func aUserWhoIsThereGetsAnotherHashInHisLine() {
        var file = text("alice:a", "bob : b ", "carol:c")
        file.set(Array("bob".utf8), hash: "new")
        #expect(lines(file) == ["alice:a", "bob:new", "carol:c"])
    }

    @Test func aUserIsRemoved() {
        var file = text("#bob:x", "alice:a", "bob:b")
        let wereThere = ["bob", "bob", "#bob"].map { file.remove(Array($0.utf8)) }
        #expect(wereThere == [true, false, false])
        #expect(lines(file) == ["#bob:x", "alice:a"])
    }

    @Test func hashesAreReplacedWhereTheClosureSays() {
        var file = text("# alice:clear", "alice:clear text ", "bob:$7$done", "none", "carol:x:y\r")
        file.replaceHashes { $0.first == UInt8(ascii: "$") ? nil : "<\(String(decoding: $0, as: UTF8.self))>" }
        #expect(lines(file) == ["# alice:clear", "alice:<clear text >", "bob:$7$done", "none", "carol:<x:y>"])
    }

    @Test func anEmptyFileStaysEmpty() {
        #expect(PasswordFileText().bytes.isEmpty)
        #expect(PasswordFileText([]).bytes.isEmpty)
    }
}
