import MQTTProtocol
import Mosquitto
import Testing

/// The grammar of `aclfile`.
struct AccessControlFileTests {
    /// The rules of these lines, and the warnings about them.
    private func read(_ lines: String...) throws -> AccessControlFile {
        try AccessControlFile.parse(Array(lines.joined(separator: "\n").utf8), name: "FILE")
    }

    private func rule(
        _ subject: AccessRule.Subject,
        _ permission: AccessRule.Permission,
        _ filter: String,
        _ line: Int
    ) -> AccessRule {
        AccessRule(subject: subject, permission: permission, filter: Array(filter.utf8), line: line)
    }

    private func user(_ name: String) -> AccessRule.Subject {
        .user(Array(name.utf8))
    }

    @Test func linesMakeRulesThatRememberThem() throws {
        let list = try read(
            "# comment",
            "topic read public/#",
            "",
            "user alice",
            "topic readwrite alice/#",
            "topic deny alice/secret",
            "pattern write devices/%c/state",
            "user bob",
            "topic write inbox"
        )
        #expect(
            list.source == [
                rule(.anonymous, .read, "public/#", 2),
                rule(user("alice"), .readWrite, "alice/#", 5),
                rule(user("alice"), .deny, "alice/secret", 6),
                rule(.everybody, .write, "devices/%c/state", 7),
                rule(user("bob"), .write, "inbox", 9),
            ]
        )
        #expect(list.warnings.isEmpty)
    }

    @Test func accessIsOptionalAndMeansBoth() throws {
        #expect(try read("topic a/b").source == [rule(.anonymous, .readWrite, "a/b", 1)])
        #expect(try read("pattern %u/#").source == [rule(.everybody, .readWrite, "%u/#", 1)])
    }

    @Test func accessMustBeGivenWhereTheFilterContainsASpace() throws {
        #expect(try read("topic read living room/#").source == [rule(.anonymous, .read, "living room/#", 1)])
        #expect(throws: MosquittoFileError.self) { try read("topic living room/#") }
    }

    @Test func theUserNameIsTheRestOfTheLine() throws {
        let list = try read("user  big al # no comment  ", "topic a")
        #expect(list.source == [rule(user("big al # no comment"), .readWrite, "a", 2)])
    }

    @Test func aUserWithoutTopicsIsNoRule() throws {
        #expect(try read("user alice").source.isEmpty)
    }

    @Test func blanksAtTheEndAreStrippedAndSpacesInFrontTolerated() throws {
        #expect(try read("  topic   read   a/b \t \r").source == [rule(.anonymous, .read, "a/b", 1)])
    }

    @Test func tabsDoNotSeparateWords() throws {
        #expect(throws: MosquittoFileError.self) { try read("topic\tread a") }
        #expect(throws: MosquittoFileError.self) { try read("topic read\ta b") }
        // What follows the word `topic` is one word with a tab in it, and so a filter.
        #expect(try read("topic read\ta").source == [rule(.anonymous, .readWrite, "read\ta", 1)])
    }

    @Test func anEmptyFileDeniesEverything() throws {
        for text in ["", "# nothing", "\n\n"] {
            let access = try read(text).rules.view(userName: nil, clientID: [1])
            #expect([UInt8(ascii: "a")].withUnsafeBytes { !access.allows(.read, topic: $0) })
        }
    }

    @Test func theCompiledListDecidesByTheFile() throws {
        let rules = try read("user alice", "topic read a/#", "topic deny a/secret").rules
        let access = rules.view(userName: Array("alice".utf8), clientID: [1])
        #expect(Array("a/b".utf8).withUnsafeBytes { access.decision(.read, topic: $0) }.reason == .rule(line: 2))
        #expect(Array("a/secret".utf8).withUnsafeBytes { access.decision(.read, topic: $0) }.reason == .rule(line: 3))
    }

    @Test(arguments: [
        ("pattern read a/#", "FILE:1: the pattern holds neither %u nor %c and is the same for everybody"),
        ("pattern read x%u/#", "FILE:1: %u and %c stand for whole levels only; here they are literal text"),
        ("topic read %u/#", "FILE:1: %u and %c have no meaning in a topic line; write pattern instead"),
        (
            "topic deny",
            "FILE:1: a single word is a topic filter: this grants reading and writing of a topic of that name"
        ),
    ])
    func whatIsProbablyNotMeantIsWarnedAbout(line: String, warning: String) throws {
        let list = try read(line)
        #expect(list.warnings.map(\.description) == [warning])
        #expect(list.source.count == 1)
    }

    @Test(arguments: ["pattern read %u/#", "pattern read a/%c", "topic read a", "pattern readwrite d/%c/%u/+"])
    func whatIsMeantIsNotWarnedAbout(line: String) throws {
        #expect(try read(line).warnings.isEmpty)
    }

    @Test(arguments: Fixture.all(in: "mosquitto/broken-access-control"))
    func aBrokenFileIsRefused(_ file: Fixture) throws {
        let refusal = try file.refusal()
        let bytes = try file.bytes()
        let error = #expect(throws: MosquittoFileError.self) { try AccessControlFile.parse(bytes, name: "FILE") }
        #expect(error?.description == refusal)
    }

    @Test func theBrokenFilesAreFound() {
        #expect(Fixture.all(in: "mosquitto/broken-access-control").count >= 12)
    }
}
