import MQTTWire
import Testing

@testable import MQTTProtocol

@Suite("What a client may not read any more is not sent to it (S4)")
struct SessionWithdrawalTests {
    private func client(inflight: Int = 20) -> SessionTranscript {
        var limits = ProtocolLimits()
        limits.inflightCountMax = inflight
        limits.inflightEarnedCountMax = inflight
        return SessionTranscript(limits)
    }

    private func withdraw(_ payloads: String..., from client: SessionTranscript) {
        client.session.withdraw { publication in
            payloads.contains { $0.utf8.elementsEqual(publication.payload) }
        }
    }

    @Test("What waits is dropped, and the rest keeps its order")
    func waiting() {
        let client = client(inflight: 1)
        client.attach()
        #expect(client.deliver("a", .atLeastOnce) == "PUBLISH 1 a q1")
        for payload in ["b", "c", "d", "b"] { #expect(client.deliver(payload, .atLeastOnce) == "queued") }
        withdraw("b", from: client)
        #expect(client.session.queuedCount == 2)
        #expect(client.session.pubackReceived(1) == .completed)
        #expect(client.next() == ["PUBLISH 2 c q1"])
        #expect(client.session.pubackReceived(2) == .completed)
        #expect(client.next() == ["PUBLISH 3 d q1"])
    }

    @Test("What was sent on this connection stays until it is acknowledged")
    func sent() {
        let client = client()
        client.attach()
        #expect(client.deliver("a", .atLeastOnce) == "PUBLISH 1 a q1")
        withdraw("a", from: client)
        #expect(client.session.inflightCount == 1)
        #expect(client.session.pubackReceived(1) == .completed)
    }

    @Test("What the last connection left is not sent again; a PUBREL is")
    func resumed() {
        let client = client()
        client.attach()
        for payload in ["a", "b", "c"] { _ = client.deliver(payload, .exactlyOnce) }
        #expect(client.session.pubrecReceived(1) == .sendPubrel(.success))
        client.session.detach()
        withdraw("a", "b", from: client)
        client.attach()
        #expect(client.next() == ["PUBREL 1", "PUBLISH 3 c q2 dup"])
        // The identifier is free: the client that had the message and acknowledges it hears so.
        #expect(client.session.pubrecReceived(2) == .sendPubrel(.packetIdentifierNotFound))
        #expect(client.deliver("d", .atLeastOnce) == "PUBLISH 4 d q1")
        #expect(client.session.pubcompReceived(1) == .completed)
        #expect(client.session.inflightCount == 2)
    }

    @Test("What still waits is sent before a new subscription's retained messages all the same (R1)")
    func beforeRetained() {
        let client = client(inflight: 1)
        client.attach()
        for payload in ["a", "b", "c"] { _ = client.deliver(payload, .atLeastOnce) }
        let end = client.session.queueEnd
        withdraw("b", from: client)
        #expect(!client.session.hasSent(upTo: end))
        #expect(client.session.pubackReceived(1) == .completed)
        #expect(client.next() == ["PUBLISH 2 c q1"])
        #expect(client.session.hasSent(upTo: end))
    }
}
