import Authentication
import Mosquitto
import Testing

/// The grammar of password files, with the hashes that they hold in practice.
struct PasswordFileTests {
    /// A hash that accepts every text, to look at the lines alone.
    private func read(_ lines: String...) throws -> PasswordFile<String> {
        try PasswordFile.parse(Array(lines.joined(separator: "\n").utf8), name: "FILE") {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test func aLineIsANameAColonAndAHash() throws {
        let file = try read("# comment:x", "alice:$7$a", "", "old frank : $6$b \t", "zoë:c:d")
        #expect(file.entries.map { String(decoding: $0.userName, as: UTF8.self) } == ["alice", "old frank", "zoë"])
        #expect(file.entries.map(\.hash) == ["$7$a", "$6$b", "c:d"])
        #expect(file.entries.map(\.location.line) == [2, 4, 5])
        #expect(file.warnings.isEmpty)
    }

    @Test func aLineWithoutColonIsSkippedWithAWarning() throws {
        let file = try read("alice", "bob:x")
        #expect(file.entries.count == 1)
        #expect(file.warnings.map(\.description) == ["FILE:1: a line without a colon is skipped"])
    }

    @Test func whatIsWrongWithAHashIsReportedWithItsLine() {
        struct Refusal: Error, CustomStringConvertible { var description: String { "no good" } }
        let error = #expect(throws: MosquittoFileError.self) {
            try PasswordFile<Int>.parse(Array("a:1\nb:2".utf8), name: "FILE") { text in
                guard text == [UInt8(ascii: "1")] else { throw Refusal() }
                return 1
            }
        }
        #expect(error?.description == "FILE:2: no good; set the password again with mosquitto_passwd")
    }

    @Test(arguments: Fixture.all(in: "mosquitto/broken-passwords"))
    func aBrokenFileIsRefused(_ file: Fixture) throws {
        let refusal = try file.refusal()
        let bytes = try file.bytes()
        let error = #expect(throws: MosquittoFileError.self) {
            try PasswordFile.parse(bytes, name: "FILE", hash: PasswordHash.init(parsing:))
        }
        #expect(error?.description == refusal)
    }

    @Test func theBrokenFilesAreFound() {
        #expect(Fixture.all(in: "mosquitto/broken-passwords").count >= 10)
    }

    @Test func theFileOfTheRealToolAdmitsItsUsers() throws {
        let path = Fixture(name: "mosquitto/passwords/mosquitto_passwd-2.0.11").path
        let file = try PasswordFile.read(path: path, hash: PasswordHash.init(parsing:))
        let table = PasswordTable(file.entries.map { ($0.userName, $0.hash) })
        #expect(table.count == 7)
        let password = Array("correct horse battery staple".utf8)
        #expect(password.withUnsafeBytes { table.verify(user: Array("alice".utf8), password: $0) })
        #expect(!password.withUnsafeBytes { table.verify(user: Array("bob".utf8), password: $0) })
    }
}
