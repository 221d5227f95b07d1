import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import Testing

/// `mount_point`: clients neither write nor see what their topics begin with for everybody else.
struct MountPointTests {
    @Test(arguments: [ProtocolVersion.v311, .v50])
    func clientsLiveBelowTheirMountPoint(version: ProtocolVersion) async throws {
        var setup = BrokerSetup()
        setup.limits.mountPoint = Array("site/".utf8)
        // The rules see the whole topic.
        setup.policy.rules = try rules("topic readwrite site/#")
        try await BrokerHarness.run(setup) { broker in
            let publisher = try await broker.connect("publisher", version)
            try await publisher.publish("a/b", "retained", .atLeastOnce, isRetained: true)
            let subscriber = try await broker.connect("subscriber", version)
            for filter in ["#", "a/+", "$share/g/a/#"] { try await subscriber.subscribe(filter, .atLeastOnce) }
            var messages: [ReceivedMessage] = []
            try await publisher.publish("a/b", "live", .atLeastOnce)
            messages = try await subscriber.everything()
            #expect(Set(messages.map(\.topic)) == ["a/b"])
            #expect(messages.filter { $0.text == "live" }.count == 2, "its own copy, and the group's")
            #expect(messages.filter { $0.text == "retained" }.count == 2, "for each subscription that is not shared")
            try await subscriber.unsubscribe("#", "a/+", "$share/g/a/#")
            try await publisher.publish("a/b", "late", .atLeastOnce)
            #expect(try await subscriber.everything().isEmpty)
        }
    }

    @Test func aWillIsPublishedBelowIt() async throws {
        var setup = BrokerSetup()
        setup.limits.mountPoint = Array("site/".utf8)
        try await BrokerHarness.run(setup) { broker in
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe("will")
            let client = try await broker.connect("client") { $0.will = Will(topic: "will", payload: [1]) }
            await client.drop()
            #expect(try await subscriber.message().topic == "will")
        }
    }

    @Test func aTopicThatBecomesTooDeepEndsTheConnection() async throws {
        var setup = BrokerSetup()
        setup.limits.mountPoint = Array("a/".utf8)
        try await BrokerHarness.run(setup) { broker in
            let client = try await broker.connect("client")
            let deep = Array(repeating: "x", count: WireLimits.topicLevelsMax).joined(separator: "/")
            #expect(try await client.subscribe(deep) == .topicFilterInvalid)
            await client.send(OutgoingMessage(deep, "x"))
            #expect(try await client.receiveToEnd() == [.disconnect(.topicNameInvalid)])
        }
    }
}
