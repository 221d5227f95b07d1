import Mosquitto
import Testing

/// Which listeners a file asks for, and what belongs to which.
struct ConfigurationListenerTests {
    @Test func withoutAListenerOnlyThisMachineMayConnectAnonymously() throws {
        let configuration = try MosquittoConfiguration.of("persistence true")
        #expect(configuration.isLocalOnly)
        #expect(
            configuration.listeners.map(\.endpoint) == [
                .tcp(host: "127.0.0.1", port: 1883), .tcp(host: "::1", port: 1883),
            ]
        )
        #expect(configuration.listeners.allSatisfy { $0.security.allowsAnonymous && $0.location == nil })
    }

    @Test func withoutAListenerAnonymousClientsMayStillBeRefused() throws {
        let configuration = try MosquittoConfiguration.of("allow_anonymous false")
        #expect(configuration.isLocalOnly)
        #expect(configuration.listeners.allSatisfy { !$0.security.allowsAnonymous })
    }

    @Test(arguments: ["listener 1883", "port 1883", "bind_address 127.0.0.1"])
    func asSoonAsAListenerIsDefinedAnonymousClientsAreRefused(line: String) throws {
        let configuration = try MosquittoConfiguration.of(line)
        #expect(!configuration.isLocalOnly)
        #expect(configuration.onlyListener?.security.allowsAnonymous == false)
    }

    @Test(arguments: [
        ("listener 1883", MosquittoListener.Endpoint.tcp(host: nil, port: 1883)),
        ("listener 1883 192.0.2.1", .tcp(host: "192.0.2.1", port: 1883)),
        ("listener 1883 ::1", .tcp(host: "::1", port: 1883)),
        ("listener 1883 broker.example", .tcp(host: "broker.example", port: 1883)),
        ("listener 0x75b", .tcp(host: nil, port: 1883)),
        ("listener 1883 # everywhere", .tcp(host: nil, port: 1883)),
        ("listener 0 /run/latch.sock", .unix(path: "/run/latch.sock")),
        ("port 1884", .tcp(host: nil, port: 1884)),
        ("port 1884\nbind_address ::1", .tcp(host: "::1", port: 1884)),
        ("bind_address ::1\nport 1884", .tcp(host: "::1", port: 1884)),
        ("bind_address ::1", .tcp(host: "::1", port: 1883)),
    ])
    func aListenerHasAnEndpoint(line: String, endpoint: MosquittoListener.Endpoint) throws {
        #expect(try MosquittoConfiguration.of(line).onlyListener?.endpoint == endpoint)
    }

    @Test func optionsBelongToTheLastListener() throws {
        let listeners = try MosquittoConfiguration.of(
            "listener 1883",
            "max_connections 10",
            "max_qos 1",
            "socket_domain ipv4",
            "listener 9001",
            "protocol websockets",
            "max_topic_alias 3",
            "max_topic_alias_broker 4",
            "socket_domain ipv6",
            "max_connections -1"
        ).listeners
        #expect(listeners[0].connectionsMax == 10)
        #expect(listeners[0].qosMax == 1)
        #expect(listeners[0].socketDomain == .ipv4)
        #expect(listeners[0].transport == .mqtt)
        #expect(listeners[0].topicAliasMax == 10)
        #expect(listeners[1].connectionsMax == nil)
        #expect(listeners[1].qosMax == 2)
        #expect(listeners[1].socketDomain == .ipv6)
        #expect(listeners[1].transport == .websockets)
        #expect(listeners[1].topicAliasMax == 3)
        #expect(listeners[1].topicAliasBrokerMax == 4)
    }

    @Test func theSameOptionBelowTwoListenersIsNoRepetition() throws {
        let configuration = try MosquittoConfiguration.of(
            "listener 1883",
            "max_qos 1",
            "listener 1884",
            "max_qos 1",
            "protocol mqtt"
        )
        #expect(configuration.warnings.isEmpty)
    }

    @Test func optionsInFrontOfTheFirstListenerMakeADefaultOne() throws {
        let configuration = try MosquittoConfiguration.of("max_connections 5", "listener 1884")
        #expect(configuration.listeners.map(\.endpoint) == [.tcp(host: nil, port: 1883), .tcp(host: nil, port: 1884)])
        #expect(configuration.listeners.map(\.connectionsMax) == [5, nil])
        #expect(
            configuration.warnings.map(\.description) == [
                "FILE:1: max_connections stands in front of any listener and belongs to the one on port 1883"
            ]
        )
    }

    @Test func optionsWithoutAnyListenerBelongToTheLocalOnes() throws {
        let configuration = try MosquittoConfiguration.of("protocol websockets", "max_connections 5")
        #expect(configuration.isLocalOnly)
        #expect(configuration.listeners.count == 2)
        #expect(configuration.listeners.allSatisfy { $0.transport == .websockets && $0.connectionsMax == 5 })
    }

    @Test func optionsBelowPortBelongToItsListener() throws {
        let configuration = try MosquittoConfiguration.of("listener 1884", "port 1883", "max_qos 0", "listener 1885")
        #expect(configuration.listeners.map(\.qosMax) == [2, 0, 2])
        #expect(configuration.warnings.isEmpty)
    }
}
