import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import Mosquitto
import Testing

/// S4 over a real broker: whatever the rules are and however often they change, no message reaches a client whose user may not read it.
///
/// Rounds of random actions. Each begins with other rules, which every loop has seen when the first action of the round begins; at its end every
/// client has taken what it is owed, or left. What a client gets in a round must be readable for its user under the rules of that round.
struct AccessPropertyTests {
    /// One of them gives no name.
    private static let users: [String?] = ["alice", "bob", "carol", nil]
    private static let topics = [
        "a", "a/b", "a/c", "b", "b/b", "alice/x", "bob/x", "carol/x/y", "client0/x", "client3/x",
    ]
    private static let filters =
        topics + ["#", "+", "a/#", "a/+", "+/b", "b/#", "alice/#", "bob/+", "+/x", "+/x/#", "client0/#"]

    /// The random choices of one run.
    private struct Choices {
        var generator: SeededGenerator

        mutating func pick<Element>(_ elements: [Element]) -> Element { elements[generator.below(elements.count)] }

        mutating func isChance(_ percent: Int) -> Bool { generator.below(100) < percent }

        mutating func rules() throws -> AccessRules {
            // Lines before the first user are those of clients without one.
            var lines: [String] = []
            addTopics(to: &lines)
            // Who publishes may write everywhere, and read nothing.
            lines += ["user publisher", "topic write #"]
            for case let user? in AccessPropertyTests.users {
                lines.append("user \(user)")
                addTopics(to: &lines)
            }
            for name in ["%u", "%c"] where isChance(50) {
                lines.append("pattern \(pick(["read", "readwrite", "deny"])) \(name)/\(pick(["#", "x", "+"]))")
            }
            return try AccessControlFile.parse(Array(lines.joined(separator: "\n").utf8), name: "rules").rules
        }

        private mutating func addTopics(to lines: inout [String]) {
            for _ in 0..<generator.below(5) {
                lines.append("topic \(pick(["read", "read", "readwrite", "write", "deny"])) \(pick(filters))")
            }
        }

        private var filters: [String] { AccessPropertyTests.filters }
    }

    /// A client identifier; its session lives on, whoever is connected under it.
    private struct Place {
        let identifier: String
        var user: String?
        var client: MQTTClient?
    }

    @Test(arguments: [SubscribePolicy.strict, .filter])
    func noMessageReachesWhoMayNotReadIt(policy: SubscribePolicy) async throws {
        var choices = Choices(generator: SeededGenerator(seed: Seed.value))
        var setup = BrokerSetup()
        setup.policy.subscribePolicy = policy
        setup.policy.isRetainSourceChecked = choices.isChance(30)
        try await BrokerHarness.run(setup) { broker in
            let publisher = try await broker.connect("publisher") { $0.userName = "publisher" }
            var places = (0..<5).map { Place(identifier: "client\($0)") }
            var delivered = 0
            for _ in 0..<25 {
                let rules = try choices.rules()
                broker.replaceRules(rules)
                // A loop has seen the change when it answers; sessions of absent clients are on the same loops.
                for loop in 0..<setup.eventLoopCount * 2 { try await broker.connect("fence\(loop)").ping() }
                for place in places { try await place.client?.ping() }
                for _ in 0..<12 {
                    let index = choices.generator.below(places.count)
                    let received = try await act(&places[index], broker, publisher, &choices)
                    delivered += received.count
                    try check(received, places[index].user, places[index].identifier, rules)
                }
                for place in places {
                    guard let client = place.client else { continue }
                    let received = try await client.everything()
                    delivered += received.count
                    try check(received, place.user, place.identifier, rules)
                }
            }
            // A run in which nothing is delivered would show nothing.
            #expect(delivered > 0, "seed \(Seed.value)")
        }
    }

    /// One random action; what the client that it concerns received meanwhile.
    private func act(
        _ place: inout Place,
        _ broker: BrokerHarness,
        _ publisher: MQTTClient,
        _ choices: inout Choices
    ) async throws -> [ReceivedMessage] {
        let topic = choices.pick(Self.topics)
        let qos = choices.pick(QoS.allCases)
        switch choices.generator.below(10) {
        case 0...3:
            try await publisher.publish(topic, topic, qos, isRetained: choices.isChance(50))
        case 4, 5:
            return try await reconnect(&place, broker, topic, &choices)
        case 6:
            // Without a word: what is under way stays in the session, and the will goes out.
            await place.client?.drop()
            place.client = nil
        default:
            guard let client = place.client else { return try await reconnect(&place, broker, topic, &choices) }
            let prefix = choices.isChance(25) ? "$share/group/" : ""
            try await client.subscribe(prefix + choices.pick(Self.filters), qos)
        }
        return []
    }

    /// Connects under an identifier, perhaps as somebody else, perhaps while the last connection still stands.
    private func reconnect(
        _ place: inout Place,
        _ broker: BrokerHarness,
        _ topic: String,
        _ choices: inout Choices
    ) async throws -> [ReceivedMessage] {
        let user = choices.pick(Self.users)
        let isCleanStart = choices.isChance(20)
        let will = Will(
            topic: try TopicName(topic),
            payload: Array(topic.utf8),
            qos: .atLeastOnce,
            isRetained: choices.isChance(50)
        )
        let client = try await broker.connect(place.identifier, isCleanStart: isCleanStart) {
            $0.userName = user.map { UTF8String($0) }
            $0.sessionExpirySeconds = 1_000
            $0.will = will
        }
        place.client = client
        place.user = user
        return try await client.everything()
    }

    private func check(_ messages: [ReceivedMessage], _ user: String?, _ identifier: String, _ rules: AccessRules)
        throws
    {
        let access = rules.view(userName: user.map { Array($0.utf8) }, clientID: Array(identifier.utf8))
        for message in messages {
            let isReadable = Array(message.topic.utf8).withUnsafeBytes { access.allows(.read, topic: $0) }
            #expect(isReadable, "seed \(Seed.value): \(user ?? "nobody") as \(identifier) got \(message.topic)")
        }
    }
}
