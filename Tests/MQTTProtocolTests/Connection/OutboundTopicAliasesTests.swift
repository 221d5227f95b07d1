import MQTTProtocol
import Testing

@Suite("Aliases that the broker uses")
struct OutboundTopicAliasesTests {
    private func use(_ aliases: inout OutboundTopicAliases, _ topic: String, mayAdd: Bool = true)
        -> OutboundTopicAliases.Use
    {
        Array(topic.utf8).withUnsafeBytes { aliases.use($0, mayAdd: mayAdd) }
    }

    @Test("The first topics get one each, and keep it [MQTT-3.3.2-11]")
    func firstComeFirstServed() {
        var aliases = OutboundTopicAliases(aliasMax: 2)
        #expect(use(&aliases, "topic/1") == .new(1))
        #expect(use(&aliases, "topic/2", mayAdd: false) == .none)
        #expect(use(&aliases, "topic/2") == .new(2))
        #expect(use(&aliases, "topic/3") == .none)
        for _ in 0..<2 {
            #expect(use(&aliases, "topic/1", mayAdd: false) == .known(1))
            #expect(use(&aliases, "topic/2") == .known(2))
        }
    }

    @Test("A topic shorter than the property stays as it is")
    func shortTopics() {
        var aliases = OutboundTopicAliases(aliasMax: 2)
        #expect(use(&aliases, "abc") == .none)
        #expect(use(&aliases, "abcd") == .new(1))
    }

    @Test("Without aliases there are none")
    func none() {
        var aliases = OutboundTopicAliases(aliasMax: 0)
        #expect(use(&aliases, "topic/1") == .none)
    }
}
