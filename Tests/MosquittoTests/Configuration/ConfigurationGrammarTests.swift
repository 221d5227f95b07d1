import Mosquitto
import Testing

/// How lines are read, before it matters what they mean.
struct ConfigurationGrammarTests {
    @Test func aCommentHasItsHashInTheFirstColumn() throws {
        let configuration = try MosquittoConfiguration.of("# listener 1", "#listener 2", "", "   ", "listener 1883")
        #expect(configuration.listeners.map(\.endpoint) == [.tcp(host: nil, port: 1883)])
    }

    @Test func spacesInFrontOfANameAreSkipped() throws {
        #expect(try MosquittoConfiguration.of("   persistence true").isPersistent)
    }

    @Test func lineEndingsOfWindowsAreAccepted() throws {
        let configuration = try MosquittoConfiguration.of("persistence true\r", "acl_file /a b\r", "\r")
        #expect(configuration.isPersistent)
        #expect(configuration.listeners.first?.security.accessControlFile?.path == "/a b")
    }

    @Test func blanksAroundAStringAreTrimmedAndThoseInsideKept() throws {
        let configuration = try MosquittoConfiguration.of("persistence_location    /var/lib/my broker \t")
        #expect(configuration.persistenceLocation?.path == "/var/lib/my broker")
    }

    @Test func thereIsNoQuotingAndNoTrailingComment() throws {
        let configuration = try MosquittoConfiguration.of("persistence_location \"/var\" # here")
        #expect(configuration.persistenceLocation?.path == "\"/var\" # here")
    }

    @Test func whatFollowsAWordIsIgnoredWithAWarning() throws {
        let configuration = try MosquittoConfiguration.of("persistence true # yes")
        #expect(configuration.isPersistent)
        #expect(
            configuration.warnings.map(\.description) == [
                "FILE:1: what follows the value of persistence is ignored; a comment needs a line of its own"
            ]
        )
    }

    @Test(arguments: [("true", true), ("false", false), ("1", true), ("0", false)])
    func booleansAreTrueFalseOneAndZero(text: String, value: Bool) throws {
        #expect(try MosquittoConfiguration.of("queue_qos0_messages \(text)").queuesQoS0Messages == value)
    }

    @Test(arguments: [("100", 100), ("0x64", 100), ("0144", 100), ("+100", 100), ("2147483647", 2_147_483_647)])
    func integersAreWrittenAsInC(text: String, value: Int) throws {
        #expect(try MosquittoConfiguration.of("max_queued_messages \(text)").queuedMessagesMax == value)
    }

    @Test(arguments: ["", "-", "0x", "1e3", "10.5", "08", "99999999999999999999", "ten"])
    func otherNumbersAreRefused(text: String) {
        #expect(throws: MosquittoFileError.self) { try MosquittoConfiguration.of("max_packet_size \(text)") }
    }

    @Test func ofARepeatedNumberTheLastOneCountsWithAWarning() throws {
        let configuration = try MosquittoConfiguration.of("max_keepalive 10", "max_keepalive 20")
        #expect(configuration.keepAliveSecondsMax == 20)
        #expect(
            configuration.warnings.map(\.description) == [
                "FILE:2: max_keepalive is already set at FILE:1; the last line counts"
            ]
        )
    }

    @Test func aGlobalSettingBelowTwoListenersIsWarnedAbout() throws {
        let configuration = try MosquittoConfiguration.of(
            "listener 1883",
            "allow_anonymous true",
            "listener 9001",
            "allow_anonymous false"
        )
        #expect(configuration.listeners.map(\.security.allowsAnonymous) == [false, false])
        #expect(
            configuration.warnings.map(\.description) == [
                "FILE:4: allow_anonymous is already set at FILE:2; the last line counts for all listeners"
            ]
        )
    }

    @Test func everyDirectiveRemembersWhereItStands() throws {
        let configuration = try MosquittoConfiguration.of("listener 1883", "", "retained_persistence true")
        #expect(configuration.sources["listener"] == SourceLocation(file: "FILE", line: 1))
        #expect(configuration.sources["persistence"] == SourceLocation(file: "FILE", line: 3))
        #expect(configuration.listeners[0].location == SourceLocation(file: "FILE", line: 1))
        #expect(configuration.files == ["FILE"])
    }
}
