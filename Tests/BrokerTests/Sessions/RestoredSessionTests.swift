import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import RetainedStore
import Testing

/// What the configuration of a restarted broker has to do with the sessions that it finds.
struct RestoredSessionTests {
    private let setup = BrokerSetup.losingUnsyncedWrites

    /// A client of 3.1.1, which cannot say for how long its session is wanted.
    private func connect(_ broker: BrokerHarness, _ name: String, isPresent: Bool) async throws -> MQTTClient {
        let client = try await broker.open(.v311)
        let connack = try await client.connect(name, isCleanStart: false)
        #expect(connack.isSessionPresent == isPresent, "\(name)")
        return client
    }

    /// Ends a connection, and waits until the broker has written that down.
    private func leave(_ client: MQTTClient, _ broker: BrokerHarness) async throws {
        let before = broker.store.statistics.lastLSN
        try await client.disconnect()
        while broker.store.statistics.lastLSN == before { await Task.yield() }
        try await broker.store.durable(through: broker.store.statistics.lastLSN)
    }

    /// `persistent_client_expiration` goes on while no broker runs, and through a restart in between.
    @Test func whoIsAwayTooLongIsForgotten() async throws {
        var setup = setup
        setup.limits.sessionExpirySecondsMax = 8
        let first = try await BrokerHarness.cutPower(setup) { broker in
            try await leave(try await connect(broker, "away", isPresent: false), broker)
        }
        // Neither a crash nor an orderly end begins the time anew.
        let second = try await BrokerHarness.cutPower(setup, on: first) { broker in
            _ = try await connect(broker, "connected", isPresent: false)
        }
        try await Task.sleep(for: .milliseconds(8_100))
        try await BrokerHarness.run(setup, on: second) { broker in
            _ = try await connect(broker, "away", isPresent: false)
            // It went with the broker, not when it came.
            _ = try await connect(broker, "connected", isPresent: true)
        }
    }

    /// A limit that the configuration had not had when the client left.
    @Test func aLimitOfTheNextBrokerCountsFromWhenTheClientLeft() async throws {
        let store = try await BrokerHarness.cutPower(setup) { broker in
            try await leave(try await connect(broker, "away", isPresent: false), broker)
            let other = try await connect(broker, "other", isPresent: false)
            try await other.subscribe("a", .atLeastOnce)
        }
        try await Task.sleep(for: .milliseconds(1_100))
        var limited = setup
        limited.limits.sessionExpirySecondsMax = 1
        try await BrokerHarness.run(limited, on: store) { broker in
            _ = try await connect(broker, "away", isPresent: false)
        }
    }

    @Test(arguments: [ProtocolVersion.v311, .v50])
    func mountPointsStayWhereTheyWere(version: ProtocolVersion) async throws {
        var setup = setup
        setup.limits.mountPoint = Array("site/".utf8)
        func resume(_ broker: BrokerHarness, isPresent: Bool) async throws -> MQTTClient {
            let client = try await broker.open(version)
            let connack = try await client.connect("kept", isCleanStart: false) {
                if version == .v50 { $0.sessionExpirySeconds = 1_000 }
            }
            #expect(connack.isSessionPresent == isPresent)
            return client
        }
        let store = try await BrokerHarness.cutPower(setup) { broker in
            let client = try await resume(broker, isPresent: false)
            for filter in ["a/#", "$share/g/b/+"] { try await client.subscribe(filter, .atLeastOnce) }
            try await client.disconnect()
            let publisher = try await broker.connect("publisher")
            try await publisher.publish("a/1", "queued", .atLeastOnce)
            // Dies with the broker.
            let mortal = try await broker.open(.v311)
            _ = try await mortal.connect("mortal", isCleanStart: false) {
                $0.will = Will(topic: "a/will", payload: Array("gone".utf8), qos: .atLeastOnce, isRetained: true)
            }
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            let publisher = try await broker.connect("publisher")
            try await publisher.publish("a/2", "new", .atLeastOnce)
            try await publisher.publish("b/1", "shared", .atLeastOnce)
            let client = try await resume(broker, isPresent: true)
            let messages = try await client.everything()
            #expect(messages.map(\.topic) == ["a/1", "a/will", "a/2", "b/1"])
            _ = try await client.unsubscribe("a/#", "$share/g/b/+")
            for topic in ["a/3", "b/2"] { try await publisher.publish(topic, "unwanted", .atLeastOnce) }
            #expect(try await client.everything().isEmpty)
            let reader = try broker.store.makeReader()
            for (topic, isThere) in [("site/a/will", true), ("a/will", false), ("site/site/a/will", false)] {
                let found = try Array(topic.utf8).withUnsafeBytes { try reader.get(topic: $0, now: 0) { _ in } }
                #expect(found == isThere, "\(topic)")
            }
        }
    }

    /// `$SYS` counts the sessions that were found as those of clients that are away.
    @Test func restoredSessionsAreCounted() async throws {
        var setup = setup
        setup.systemIntervalSeconds = 1
        let store = try await BrokerHarness.cutPower(setup) { broker in
            for name in ["one", "two"] {
                let client = try await connect(broker, name, isPresent: false)
                for filter in ["a", "b/#", "$share/g/c"] { try await client.subscribe(filter, .atLeastOnce) }
            }
            try await broker.connect("clean").subscribe("a")
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            let observer = try await broker.connect("observer")
            for name in ["clients/+", "subscriptions/count", "shared_subscriptions/count"] {
                try await observer.subscribe("$SYS/broker/\(name)")
            }
            var values: [String: String] = [:]
            func wait(_ wanted: [String: String]) async throws {
                while !wanted.allSatisfy({ values["$SYS/broker/" + $0.key] == $0.value }) {
                    let message = try await observer.message()
                    values[message.topic] = message.text
                }
            }
            try await wait([
                "clients/total": "3", "clients/maximum": "3", "clients/connected": "1", "clients/active": "1",
                "clients/disconnected": "2", "clients/inactive": "2", "subscriptions/count": "9",
                "shared_subscriptions/count": "2",
            ])
            let back = try await connect(broker, "one", isPresent: true)
            try await wait(["clients/total": "3", "clients/connected": "2", "clients/disconnected": "1"])
            try await back.disconnect()
            _ = try await broker.connect("two", isCleanStart: true)
            try await wait(["clients/total": "3", "clients/disconnected": "1", "subscriptions/count": "6"])
        }
    }
}
