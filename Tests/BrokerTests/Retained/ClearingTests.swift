import Broker
import BrokerTesting
import MQTTWire
import RetainedStore
import Testing

/// What a command clears has its place in the order of what clients publish.
struct ClearingTests {
    @Test func subscribersHearOfItAndNobodyFindsItAfterwards() async throws {
        try await BrokerHarness.run { broker in
            let publisher = try await broker.connect("publisher")
            for topic in ["a", "b", "c"] {
                try await publisher.publish(topic, "1", .atLeastOnce, isRetained: true)
            }
            let live = try await broker.connect("live")
            try await live.subscribe("#", .atLeastOnce)
            #expect(try await live.everything().count == 3)
            #expect(try await broker.broker.clearRetained([Array("a".utf8), Array("c".utf8)]))
            // Durable when it returns.
            #expect(broker.store.durableLSN == broker.store.withOrder { $0 })
            let heard = try await live.everything()
            #expect(heard.map(\.topic) == ["a", "c"] && heard.allSatisfy { $0.text.isEmpty && $0.qos == .atLeastOnce })
            let late = try await broker.connect("late")
            try await late.subscribe("#")
            #expect(try await late.everything().map(\.topic) == ["b"])
        }
    }

    @Test func moreTopicsThanOneBatchTakesAreCleared() async throws {
        try await BrokerHarness.run { broker in
            let publisher = try await broker.connect("publisher")
            let topics = (0..<600).map { "many/\($0)" }
            for topic in topics { try await publisher.publish(topic, "1", .atMostOnce, isRetained: true) }
            try await publisher.publish("kept", "1", .atLeastOnce, isRetained: true)
            #expect(try await broker.broker.clearRetained(topics.map { Array($0.utf8) }))
            let late = try await broker.connect("late")
            try await late.subscribe("#")
            #expect(try await late.everything().map(\.topic) == ["kept"])
        }
    }

    /// R1: what a subscriber heard last is what the store has, however publishing and clearing are interleaved.
    @Test func theLastThatIsHeardIsWhatIsKept() async throws {
        try await BrokerHarness.run { broker in
            let live = try await broker.connect("live")
            try await live.subscribe("race/#")
            let publisher = try await broker.connect("publisher")
            for round in 0..<100 {
                let topic = "race/\(round)"
                async let cleared = broker.broker.clearRetained([Array(topic.utf8)])
                try await publisher.publish(topic, "\(round)", .atLeastOnce, isRetained: true)
                #expect(try await cleared)
            }
            var last: [String: String] = [:]
            for message in try await live.everything() { last[message.topic] = message.text }
            #expect(last.count == 100)
            let late = try await broker.connect("late")
            try await late.subscribe("race/#")
            var kept: [String: String] = [:]
            for message in try await late.everything() { kept[message.topic] = message.text }
            #expect(kept == last.filter { !$0.value.isEmpty })
        }
    }

    @Test func aBrokerThatHasEndedClearsNothing() async throws {
        var ended: Broker?
        try await BrokerHarness.run { ended = $0.broker }
        #expect(try await ended?.clearRetained([Array("a".utf8)]) == false)
    }
}
