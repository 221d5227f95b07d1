import MQTTWire
import Testing

@testable import MQTTProtocol

@Suite("A publication keeps everything that came with a message")
struct PublicationTests {
    private let origin = PublicationOrigin(
        clientID: Array("meter-7".utf8),
        userName: Array("alice".utf8),
        listenerPort: 1883
    )

    @Test("All parts come back as they went in, whatever their sizes", arguments: [0, 1, 7, 8, 300, 70_000])
    func parts(payloadBytes: Int) {
        let payload = (0..<payloadBytes).map { UInt8(truncatingIfNeeded: $0) }
        let properties: [UInt8] = [0x03, 0x00, 0x01, 0x61]
        let publication = Publication(
            topic: Array("alice/energy".utf8),
            payload: payload,
            forwardedProperties: properties,
            qos: .exactlyOnce,
            isRetained: true,
            expiryUnixSeconds: 99,
            retainedVersion: 1 << 40,
            origin: origin
        )
        #expect(publication.topic == Array("alice/energy".utf8))
        #expect(publication.payload == payload)
        #expect(publication.withForwardedProperties(Array.init) == properties)
        #expect(publication.origin == origin)
        #expect(publication.qos == .exactlyOnce)
        #expect(publication.isRetained)
        #expect(publication.retainedVersion == 1 << 40)
        #expect(publication.listenerPort == 1883)
        publication.withBytes { topic, forwarded, body in
            #expect(Array(topic) == Array("alice/energy".utf8))
            #expect(Array(forwarded) == properties)
            #expect(Array(body) == payload)
        }
    }

    @Test("No user name is not an empty user name")
    func userName() {
        let nobody = Publication(topic: [0x61], payload: [])
        #expect(nobody.origin.userName == nil)
        let empty = Publication(topic: [0x61], payload: [], origin: PublicationOrigin(clientID: [], userName: []))
        #expect(empty.origin.userName == [])
    }

    @Test("The expiry interval counts down and ends [MQTT-3.3.2-5], [MQTT-3.3.2-6]")
    func expiry() {
        let message = Publication(topic: [0x61], payload: [], expiryUnixSeconds: 1_000)
        #expect(message.expiry(at: 400) == .remaining(seconds: 600))
        #expect(message.expiry(at: 999) == .remaining(seconds: 1))
        #expect(message.expiry(at: 1_000) == .expired)
        #expect(message.isExpired(at: 1_000))
        #expect(!message.isExpired(at: 999))
        #expect(Publication(topic: [0x61], payload: []).expiry(at: .max) == .never)
    }

    @Test("A description tells sizes, not contents")
    func description() {
        let message = Publication(topic: Array("secret".utf8), payload: Array("hidden".utf8))
        #expect("\(message)" == "publication of 6 topic and 6 payload bytes")
    }
}
