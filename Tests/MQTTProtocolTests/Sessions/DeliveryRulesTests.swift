import MQTTWire
import Testing

@testable import MQTTProtocol

@Suite("What a message looks like to the session that gets it")
struct DeliveryRulesTests {
    @Test("The QoS is the lower of the publisher's and the subscription's [MQTT-3.8.4-8]")
    func qos() {
        for published in QoS.allCases {
            for granted in QoS.allCases {
                #expect(DeliveryRules.qos(published: published, granted: granted) == min(published, granted))
                #expect(DeliveryRules.qos(published: published, granted: granted, isUpgraded: true) == granted)
            }
        }
    }

    @Test(
        "A live message keeps its RETAIN flag only for a subscription that asks for it [MQTT-3.3.1-12], [MQTT-3.3.1-13]",
        arguments: [(false, false, false), (false, true, false), (true, false, false), (true, true, true)]
    )
    func retainAsPublished(published: Bool, asked: Bool, sent: Bool) {
        let subscriber = Subscriber(SubscriberHandle(index: 0), maximumQoS: .atMostOnce, isRetainAsPublished: asked)
        let publication = Publication(topic: [0x61], payload: [1], isRetained: published)
        #expect(Delivery(live: publication, to: Match(subscriber)).isRetained == sent)
    }

    @Test("A retained message has the RETAIN flag [MQTT-3.3.1-8] and the subscription's identifier [MQTT-3.3.4-3]")
    func retained() {
        let subscriber = Subscriber(SubscriberHandle(index: 0), maximumQoS: .atLeastOnce, identifier: 9)
        let publication = Publication(topic: [0x61], payload: [1], qos: .exactlyOnce, isRetained: true)
        let delivery = Delivery(retained: publication, to: subscriber)
        #expect(delivery.isRetained)
        #expect(delivery.qos == .atLeastOnce)
        #expect(delivery.identifiers.array == [9])
    }

    @Test("The packet counts down the expiry and carries all identifiers")
    func packet() {
        var identifiers = SubscriptionIdentifiers(3)
        identifiers.insert(300)
        let publication = Publication(
            topic: Array("t".utf8),
            payload: Array("p".utf8),
            forwardedProperties: [0x01, 0x01],
            expiryUnixSeconds: 1_000
        )
        let delivery = Delivery(publication, qos: .atMostOnce, isRetained: true, identifiers: identifiers)
        delivery.withPacket(at: 990) { packet in
            #expect(packet.messageExpirySeconds == 10)
            #expect(Array(packet.subscriptionIdentifiers) == [3, 300])
            #expect(Array(packet.topic) == Array("t".utf8))
            #expect(Array(packet.payload) == Array("p".utf8))
            #expect(Array(packet.forwardedProperties) == [0x01, 0x01])
            #expect(packet.isRetained)
            #expect(packet.packetIdentifier == 0)
        }
        delivery.withPacket(at: 2_000) { #expect($0.messageExpirySeconds == 0) }
    }
}
