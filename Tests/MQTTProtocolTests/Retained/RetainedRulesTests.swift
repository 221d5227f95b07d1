import MQTTProtocol
import MQTTWire
import Testing

@Suite("When a subscription is sent retained messages")
struct RetainedRulesTests {
    @Test(
        "Retain handling [MQTT-3.3.1-9], [MQTT-3.3.1-10], [MQTT-3.3.1-11]",
        arguments: [
            (RetainHandling.always, false, true), (.always, true, true),
            (.ifNew, false, true), (.ifNew, true, false),
            (.never, false, false), (.never, true, false),
        ]
    )
    func handling(handling: RetainHandling, exists: Bool, isSent: Bool) {
        #expect(RetainedRules.isSent(to: "a/#", handling: handling, exists: exists) == isSent)
        #expect(!RetainedRules.isSent(to: "$share/group/a/#", handling: handling, exists: exists))
    }

    @Test("No Local leaves out what the subscriber itself had published [MQTT-3.8.3-3]")
    func noLocal() {
        let origin = PublicationOrigin(clientID: Array("alice".utf8))
        let message = Publication(topic: Array("a".utf8), payload: [1], isRetained: true, origin: origin)
        #expect(RetainedRules.isExcluded(message, from: Array("alice".utf8), isNoLocal: true))
        #expect(!RetainedRules.isExcluded(message, from: Array("alice".utf8), isNoLocal: false))
        #expect(!RetainedRules.isExcluded(message, from: Array("alic".utf8), isNoLocal: true))
        #expect(!RetainedRules.isExcluded(message, from: Array("bobby".utf8), isNoLocal: true))
    }

    @Test("An empty payload clears (§3.3.1.3)")
    func effect() {
        #expect(RetainedRules.effect(payloadBytes: 0) == .clear)
        #expect(RetainedRules.effect(payloadBytes: 1) == .set)
    }
}
