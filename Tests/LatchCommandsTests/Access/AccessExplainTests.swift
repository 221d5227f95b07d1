import ArgumentParser
import Testing

@testable import LatchCommands

/// `latch acl explain`: which rules touch a filter, and who may subscribe to it.
struct AccessExplainTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func lines(_ acl: String, _ filter: String) throws -> [String] {
        let path = try directory.write("aclfile", acl)
        let command = try AccessExplainCommand.parse(["--acl-file", path, filter])
        return try command.lines().map { $0.replacing(path, with: "ACL") }
    }

    @Test func everyRuleThatTouchesTheFilterIsListed() throws {
        let acl = """
            topic read house/#
            topic read garden
            user alice
            topic readwrite house/+/lamp
            topic deny house/cellar/#
            user bob
            topic write #
            pattern read %u/#
            """
        #expect(
            try lines(acl, "house/#") == [
                "ACL:1: without a user, topic read house/#: covers it",
                "ACL:4: user alice, topic readwrite house/+/lamp: touches it",
                "ACL:5: user alice, topic deny house/cellar/#: touches it",
                "ACL:7: user bob, topic write #: covers it",
                "ACL:8: pattern read %u/#: covers or touches it for some clients",
                "a client without a user may subscribe: ACL:1: without a user, topic read house/#",
                "user alice may not subscribe: no rule grants it",
                "user bob may not subscribe: no rule grants it",
            ]
        )
    }

    @Test func aFilterThatNoRuleTouchesIsNobodys() throws {
        #expect(
            try lines("user alice\ntopic read a\n", "b/+") == [
                "no rule of ACL touches it", "a client without a user may not subscribe: no rule grants it",
                "user alice may not subscribe: no rule grants it",
            ]
        )
    }

    /// What several rules cover together and none alone: each is listed, and the refusal has no line.
    @Test(arguments: [
        (["read +", "read +/+/#"], "#"), (["read +", "read +/+/#"], "+/#"), (["read $a", "read $a/+/#"], "$a/#"),
    ])
    func aUnionIsRefusedAndItsPartsAreListed(rules: [String], filter: String) throws {
        let lines = try lines(rules.map { "topic \($0)" }.joined(separator: "\n") + "\n", filter)
        #expect(
            lines == [
                "ACL:1: without a user, topic \(rules[0]): touches it",
                "ACL:2: without a user, topic \(rules[1]): touches it",
                "a client without a user may not subscribe: no rule grants it",
            ]
        )
    }

    @Test func withoutAListEverythingIsAllowed() throws {
        let path = try directory.write("mosquitto.conf", "listener 1\n")
        let command = try AccessExplainCommand.parse(["-c", path, "#"])
        #expect(try command.lines() == ["everybody may do everything: there is no acl_file"])
    }

    @Test func underFilterEverySubscriptionIsGranted() throws {
        let acl = try directory.write("aclfile", "topic read a\n")
        let path = try directory.write("mosquitto.conf", "listener 1\nacl_subscribe filter\nacl_file \(acl)\n")
        let lines = try AccessExplainCommand.parse(["-c", path, "a"]).lines()
        #expect(
            lines == [
                "\(acl):1: without a user, topic read a: covers it",
                "acl_subscribe filter: everybody may subscribe, and gets what he may read",
            ]
        )
    }

    @Test(arguments: ["a/#/b", "a+", ""])
    func whatIsNoFilterIsAUsageError(filter: String) throws {
        let failure = #expect(throws: CommandFailure.self) { try lines("topic read a\n", filter) }
        #expect(failure?.status == .usage)
    }
}
