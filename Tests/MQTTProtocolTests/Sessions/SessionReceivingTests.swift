import Testing

@testable import MQTTProtocol

@Suite("A session receives QoS 2 exactly once")
struct SessionReceivingTests {
    @Test("A message is published once, however often it comes, until it is released [MQTT-4.3.3-10], [MQTT-4.3.3-11]")
    func exactlyOnce() {
        let session = SessionTranscript().session
        #expect(session.exactlyOnceReceived(7) == .publish)
        #expect(session.isUnreleased(7))
        #expect(session.exactlyOnceReceived(7) == .acknowledgeAgain(durableLSN: 0))
        #expect(session.pubrelReceived(7) == .sendPubcomp)
        #expect(session.pubrelReceived(7) == .sendPubcompNotFound)
        #expect(!session.isUnreleased(7))
        #expect(session.exactlyOnceReceived(7) == .publish)
    }

    @Test("The identifiers outlive the connection, and so does what their PUBREC waits for")
    func acrossConnections() {
        let client = SessionTranscript()
        client.attach()
        #expect(client.session.exactlyOnceReceived(1) == .publish)
        client.session.exactlyOnceStored(1, durableLSN: 99)
        client.session.detach()
        client.attach()
        #expect(client.session.exactlyOnceReceived(1) == .acknowledgeAgain(durableLSN: 99))
    }

    @Test("A refused message ends its exchange: the identifier is free [MQTT-4.3.3-9]")
    func refused() {
        let session = SessionTranscript().session
        #expect(session.exactlyOnceReceived(1) == .publish)
        session.exactlyOnceRefused(1)
        #expect(session.unreleasedCount == 0)
        #expect(session.exactlyOnceReceived(1) == .publish)
    }

    @Test("A client that never releases is stopped")
    func limit() {
        var limits = ProtocolLimits()
        limits.unreleasedCountMax = 2
        let session = SessionTranscript(limits).session
        #expect(session.exactlyOnceReceived(1) == .publish)
        #expect(session.exactlyOnceReceived(2) == .publish)
        #expect(session.exactlyOnceReceived(3) == .limitExceeded)
        #expect(session.exactlyOnceReceived(2) == .acknowledgeAgain(durableLSN: 0))
        #expect(session.pubrelReceived(1) == .sendPubcomp)
        #expect(session.exactlyOnceReceived(3) == .publish)
    }
}
