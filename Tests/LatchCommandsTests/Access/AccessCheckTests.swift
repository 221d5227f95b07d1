import ArgumentParser
import Testing

@testable import LatchCommands

/// `latch acl check`: the verdict, the line that it names, and what the command is refused for.
struct AccessCheckTests {
    private static let acl = """
        # who may do what
        topic read news/#

        user alice
        topic readwrite house/#
        topic deny house/safe
        topic write inbox/alice
        pattern read %u/private/#
        pattern write clients/%c
        """

    private let directory: TemporaryDirectory
    private let acl: String

    init() throws {
        directory = try TemporaryDirectory()
        acl = try directory.write("aclfile", Self.acl)
    }

    private func verdict(_ arguments: String...) throws -> String {
        let command = try AccessCheckCommand.parse(["--acl-file", acl] + arguments)
        return try command.verdict()
    }

    @Test(arguments: [
        ("house/door", "read", "allowed: PATH:5: user alice, topic readwrite house/#"),
        ("house/door", "write", "allowed: PATH:5: user alice, topic readwrite house/#"),
        ("house/#", "subscribe", "allowed: PATH:5: user alice, topic readwrite house/#"),
        ("house/safe", "read", "denied: PATH:6: user alice, topic deny house/safe"),
        ("house/safe", "subscribe", "denied: PATH:6: user alice, topic deny house/safe"),
        ("inbox/alice", "write", "allowed: PATH:7: user alice, topic write inbox/alice"),
        ("inbox/alice", "read", "denied: no rule grants it"),
        ("inbox/alice", "subscribe", "denied: no rule grants it"),
        ("news/today", "read", "denied: no rule grants it"),
        ("alice/private/a", "read", "allowed: PATH:8: pattern read %u/private/#"),
        ("bob/private/a", "read", "denied: no rule grants it"),
        ("#", "subscribe", "denied: no rule grants it"),
        ("$share/group/house/#", "subscribe", "allowed: PATH:5: user alice, topic readwrite house/#"),
        ("$SYS/broker/uptime", "write", "denied: the topic belongs to the server"),
    ])
    func theDecisionNamesItsLine(topic: String, access: String, expected: String) throws {
        let verdict = try verdict("--user", "alice", "--topic", topic, "--access", access)
        #expect(verdict == expected.replacing("PATH", with: acl))
    }

    @Test func aClientWithoutAUserHasItsOwnLines() throws {
        #expect(
            try verdict("--topic", "news/a", "--access", "read")
                == "allowed: \(acl):2: without a user, topic read news/#"
        )
        #expect(try verdict("--topic", "house/a", "--access", "read") == "denied: no rule grants it")
    }

    @Test func theClientIdentifierCounts() throws {
        let allowed = try verdict("--client-id", "lamp", "--topic", "clients/lamp", "--access", "write")
        #expect(allowed == "allowed: \(acl):9: pattern write clients/%c")
        #expect(try verdict("--topic", "clients/lamp", "--access", "write") == "denied: no rule grants it")
        let wildcard = try verdict("--client-id", "+", "--topic", "clients/lamp", "--access", "write")
        #expect(wildcard.hasPrefix("denied: the user name or the client identifier holds + or #"))
    }

    @Test(arguments: [("a/+", "read"), ("a/#", "write"), ("", "read"), ("a/#/b", "subscribe"), ("a+", "subscribe")])
    func whatIsNoTopicIsAUsageError(topic: String, access: String) throws {
        let failure = #expect(throws: CommandFailure.self) { try verdict("--topic", topic, "--access", access) }
        #expect(failure?.status == .usage)
    }

    @Test(arguments: [
        ["--topic", "a", "--access", "publish", "--acl-file", "f"], ["--topic", "a", "--acl-file", "f"],
        ["--access", "read", "--acl-file", "f"], ["--topic", "a", "--access", "read"],
        ["--topic", "a", "--access", "read", "--acl-file", "f", "-c", "g"],
        ["--topic", "a", "--access", "read", "--acl-file", "f", "--listener", "1"],
    ])
    func argumentsThatDoNotSayEnoughAreRefused(arguments: [String]) {
        #expect(throws: (any Error).self) { try AccessCheckCommand.parse(arguments) }
    }

    @Test func aMissingOrBrokenFileIsNamed() throws {
        let missing = directory.file("missing")
        let command = try AccessCheckCommand.parse(["--acl-file", missing, "--topic", "a", "--access", "read"])
        let failure = #expect(throws: CommandFailure.self) { try command.verdict() }
        #expect(failure?.status == .configuration)
        #expect(failure?.description.contains(missing) == true)
        let broken = try directory.write("broken", "topic read a\ntopic frobnicate a b\n")
        let other = try AccessCheckCommand.parse(["--acl-file", broken, "--topic", "a", "--access", "read"])
        let secondFailure = #expect(throws: CommandFailure.self) { try other.verdict() }
        #expect(secondFailure?.status == .configuration)
        #expect(secondFailure?.description.contains("\(broken):2") == true)
    }

    // MARK: With a configuration

    private func verdict(configuration: String, _ arguments: String...) throws -> String {
        let path = try directory.write("mosquitto.conf", configuration)
        return try AccessCheckCommand.parse(["-c", path] + arguments).verdict()
    }

    @Test func theConfigurationSaysWhichListAndWhichPolicy() throws {
        let strict = "listener 1\nacl_file \(acl)\n"
        #expect(
            try verdict(configuration: strict, "--topic", "#", "--access", "subscribe") == "denied: no rule grants it"
        )
        let granted = try verdict(
            configuration: strict + "acl_subscribe filter\n",
            "--topic",
            "#",
            "--access",
            "subscribe"
        )
        #expect(granted.hasPrefix("allowed: acl_subscribe filter grants every subscription"))
        let open = try verdict(configuration: "listener 1\n", "--topic", "a", "--access", "write")
        #expect(open == "allowed: there is no acl_file")
    }

    @Test func aListenerMayHaveAListOfItsOwn() throws {
        let other = try directory.write("other", "topic read other\n")
        let configuration = """
            per_listener_settings true
            listener 1
            acl_file \(acl)
            listener 2
            acl_file \(other)

            """
        let arguments = ["--topic", "other", "--access", "read"]
        let path = try directory.write("mosquitto.conf", configuration)
        func verdict(_ more: [String]) throws -> String {
            try AccessCheckCommand.parse(["-c", path] + arguments + more).verdict()
        }
        #expect(try verdict([]) == "denied: no rule grants it")
        #expect(try verdict(["--listener", "2"]) == "allowed: \(other):1: without a user, topic read other")
        let failure = #expect(throws: CommandFailure.self) { try verdict(["--listener", "3"]) }
        #expect(failure?.status == .configuration)
    }
}
