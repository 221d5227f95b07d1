import Broker
import MQTTProtocol
import Testing

@testable import LatchCommands

/// How settings become what the broker understands.
@Suite struct BrokerConfigurationTests {
    private func security(_ settings: ServeSettings) -> SecurityFiles {
        SecurityFiles(
            subscribePolicy: settings.subscribePolicy,
            isRetainSourceChecked: settings.isRetainSourceChecked
        )
    }

    private func configuration(_ settings: ServeSettings) throws -> BrokerConfiguration {
        try BrokerConfiguration(settings, security(settings))
    }

    @Test func endpointsAndTransports() throws {
        let configuration = try configuration(
            try ServeSettings(
                text: """
                    connection_messages false
                    listener 1
                    listener 2 192.0.2.1
                    protocol websockets
                    max_connections 7
                    listener 3
                    socket_domain ipv4
                    listener 0 /run/latch.socket
                    """
            )
        )
        #expect(
            configuration.listeners.map(\.endpoint) == [
                .tcp(host: nil, port: 1), .tcp(host: "192.0.2.1", port: 2), .tcp(host: "0.0.0.0", port: 3),
                .unix(path: "/run/latch.socket"),
            ]
        )
        #expect(configuration.listeners.map(\.transport) == [.mqtt, .webSocket, .mqtt, .mqtt])
        #expect(configuration.listeners.map(\.connectionsMax) == [nil, 7, nil, nil])
        #expect(configuration.listeners.allSatisfy { !$0.isOptional })
        #expect(!configuration.areConnectionsLogged)
    }

    @Test func aMachineWithoutIPv6MayLeaveOutWhatNobodyAskedFor() throws {
        let local = try configuration(try ServeSettings(text: "persistence false\n"))
        #expect(local.listeners.map(\.isOptional) == [false, true])
        let asked = try configuration(try ServeSettings(text: "listener 1 ::1\n"))
        #expect(asked.listeners.map(\.isOptional) == [false])
    }

    @Test func listenersWithTheSameFilesShareTheirRules() throws {
        let same = try configuration(try ServeSettings(text: "listener 1\nlistener 2\n")).listeners
        #expect(same[0].security === same[1].security)
        let apart = try configuration(
            try ServeSettings(text: "per_listener_settings true\nlistener 1\nallow_anonymous true\nlistener 2\n")
        ).listeners
        #expect(apart[0].security.current.isAnonymousAllowed)
        #expect(!apart[1].security.current.isAnonymousAllowed)
    }

    @Test(arguments: [("acl_file", "topic frobnicate a b"), ("password_file", "alice:plain")])
    func aBrokenFileIsRefusedByItsLine(directive: String, line: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("file", "# first\n\(line)\n")
        let settings = try ServeSettings(text: "listener 1\n\(directive) \(path)\n")
        let failure = #expect(throws: CommandFailure.self) { try configuration(settings) }
        #expect(failure?.status == .configuration)
        #expect(failure?.description.contains("\(path):2") == true)
        #expect(failure?.description.contains("plain") == false)
    }

    @Test func aReloadReplacesTheRulesAndABrokenFileReplacesNothing() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("aclfile", "topic read a\n")
        let settings = try ServeSettings(text: "listener 1\nallow_anonymous true\nacl_file \(path)\n")
        let security = security(settings)
        let domain = try #require(try BrokerConfiguration(settings, security).listeners.first?.security)
        func mayWrite() -> Bool {
            let access = domain.current.rules.view(userName: nil, clientID: Array("c".utf8))
            return Array("a".utf8).withUnsafeBytes { access.allows(.write, topic: $0) }
        }
        #expect(!mayWrite())
        try directory.write("aclfile", "topic readwrite a\n")
        try security.reload()
        #expect(mayWrite())
        try directory.write("aclfile", "topic frobnicate a b\n")
        #expect(throws: CommandFailure.self) { try security.reload() }
        #expect(mayWrite())
    }
}
