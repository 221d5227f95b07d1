import MQTTWire
import Testing

@testable import MQTTProtocol

@Suite("A session sends within its window, in order")
struct SessionSendingTests {
    private func limits(inflight: Int = 20, queued: Int = 1_000) -> ProtocolLimits {
        var limits = ProtocolLimits()
        limits.inflightCountMax = inflight
        limits.inflightEarnedCountMax = inflight
        limits.queuedCountMax = queued
        return limits
    }

    @Test("QoS 0, 1 and 2 to a connected client; identifiers count from 1")
    func flows() {
        let client = SessionTranscript()
        client.attach()
        #expect(client.deliver("a", .atMostOnce) == "PUBLISH a q0")
        #expect(client.deliver("b", .atLeastOnce) == "PUBLISH 1 b q1")
        #expect(client.deliver("c", .exactlyOnce) == "PUBLISH 2 c q2")
        #expect(client.session.pubackReceived(1) == .completed)
        #expect(client.session.pubrecReceived(2) == .sendPubrel(.success))
        #expect(client.session.pubrecReceived(2) == .sendPubrel(.success))
        #expect(client.session.pubcompReceived(2) == .completed)
        #expect(client.session.inflightCount == 0)
        #expect(client.deliver("d", .atLeastOnce) == "PUBLISH 3 d q1")
    }

    @Test("Acknowledgements of messages that are not under way, or at another stage")
    func wrongAcknowledgements() {
        let client = SessionTranscript()
        client.attach()
        #expect(client.session.pubackReceived(9) == .unknown)
        #expect(client.session.pubcompReceived(9) == .unknown)
        #expect(client.session.pubrecReceived(9) == .sendPubrel(.packetIdentifierNotFound))
        #expect(client.deliver("a", .atLeastOnce) == "PUBLISH 1 a q1")
        #expect(client.deliver("b", .exactlyOnce) == "PUBLISH 2 b q2")
        #expect(client.session.pubrecReceived(1) == .protocolError)
        #expect(client.session.pubcompReceived(1) == .protocolError)
        #expect(client.session.pubackReceived(2) == .protocolError)
        #expect(client.session.pubcompReceived(2) == .protocolError)
        #expect(client.session.pubackReceived(0) == .unknown)
    }

    @Test("A client that refuses a message of QoS 2 is done with it [MQTT-4.3.3-4]")
    func refusedMessage() {
        let client = SessionTranscript(limits(inflight: 1))
        client.attach()
        #expect(client.deliver("a", .exactlyOnce) == "PUBLISH 1 a q2")
        #expect(client.deliver("b", .exactlyOnce) == "queued")
        #expect(client.session.pubrecReceived(1, reasonCode: .quotaExceeded) == .completed)
        #expect(client.next() == ["PUBLISH 2 b q2"])
    }

    @Test("The window is the smaller of receive maximum and max_inflight_messages; what exceeds it waits in order")
    func window() {
        let client = SessionTranscript(limits(inflight: 3))
        client.attach(receiveMaximum: 2)
        #expect(client.deliver("a", .atLeastOnce) == "PUBLISH 1 a q1")
        #expect(client.deliver("b", .exactlyOnce) == "PUBLISH 2 b q2")
        #expect(client.deliver("c", .atLeastOnce) == "queued")
        #expect(client.deliver("d", .atLeastOnce) == "queued")
        #expect(client.deliver("e", .atMostOnce) == "PUBLISH e q0")
        #expect(client.next() == [])
        #expect(client.session.pubackReceived(1) == .completed)
        // A new message does not overtake those that wait.
        #expect(client.deliver("f", .atLeastOnce) == "queued")
        #expect(client.next() == ["PUBLISH 3 c q1"])
        // PUBREC does not free a place, PUBCOMP does (§4.9).
        #expect(client.session.pubrecReceived(2) == .sendPubrel(.success))
        #expect(client.next() == [])
        #expect(client.session.pubcompReceived(2) == .completed)
        #expect(client.next() == ["PUBLISH 4 d q1"])
        #expect(client.session.queuedCount == 1)
    }

    @Test("A retained value of QoS 0 does not overtake an older one of QoS 1 that waits (R1)")
    func valuesKeepTheirOrder() {
        let client = SessionTranscript(limits(inflight: 1))
        client.attach()
        #expect(client.deliver("old", .atLeastOnce, isRetained: true) == "PUBLISH 1 old q1")
        #expect(client.deliver("new", .atMostOnce, isRetained: true) == "PUBLISH new q0")
        #expect(client.deliver("newer", .atLeastOnce, isRetained: true) == "queued")
        #expect(client.deliver("newest", .atMostOnce, isRetained: true) == "queued")
        #expect(client.deliver("event", .atMostOnce) == "PUBLISH event q0")
        #expect(client.session.pubackReceived(1) == .completed)
        #expect(client.next() == ["PUBLISH 2 newer q1", "PUBLISH newest q0"])

        // The same while a resumed session sends again what was unfinished.
        client.session.detach()
        client.attach()
        #expect(client.deliver("latest", .atMostOnce, isRetained: true) == "queued")
        #expect(client.next() == ["PUBLISH 2 newer q1 dup", "PUBLISH latest q0"])
    }

    @Test("max_inflight_bytes holds back, but never the only message")
    func windowBytes() {
        var limits = limits()
        limits.inflightBytesMax = 4
        let client = SessionTranscript(limits)
        client.attach()
        #expect(client.deliver("abcdefgh", .atLeastOnce) == "PUBLISH 1 abcdefgh q1")
        #expect(client.deliver("i", .atLeastOnce) == "queued")
        #expect(client.session.pubackReceived(1) == .completed)
        #expect(client.next() == ["PUBLISH 2 i q1"])
        #expect(client.deliver("jkl", .exactlyOnce) == "PUBLISH 3 jkl q2")
        #expect(client.deliver("m", .atLeastOnce) == "queued")
        // After PUBREC the message is gone, and with it its bytes.
        #expect(client.session.pubrecReceived(3) == .sendPubrel(.success))
        #expect(client.next() == ["PUBLISH 4 m q1"])
    }

    @Test("Beyond the window the queue is limited by messages")
    func queueCount() {
        let client = SessionTranscript(limits(inflight: 1, queued: 2))
        client.attach()
        let outcomes = ["a", "b", "c", "d"].map { client.deliver($0, .atLeastOnce) }
        #expect(outcomes == ["PUBLISH 1 a q1", "queued", "queued", "dropped: queueFull"])
        #expect(client.session.pubackReceived(1) == .completed)
        #expect(client.next() == ["PUBLISH 2 b q1"])
        #expect(client.deliver("e", .atLeastOnce) == "queued")
    }

    @Test("Beyond the window the queue is limited by bytes; 0 is no limit")
    func queueBytes() {
        var limits = limits(inflight: 1, queued: 0)
        limits.queuedBytesMax = 3
        let client = SessionTranscript(limits)
        client.attach()
        let outcomes = ["a", "bb", "cc", "d"].map { client.deliver($0, .atLeastOnce) }
        #expect(outcomes == ["PUBLISH 1 a q1", "queued", "queued", "dropped: queueFull"])
        #expect(client.session.pubackReceived(1) == .completed)
        #expect(client.next() == ["PUBLISH 2 bb q1"])
        #expect(client.deliver("d", .atLeastOnce) == "queued")
        #expect(client.session.window.queue.bytes == 3)
    }

    @Test(
        "While the client is away, QoS 1 and 2 wait, and QoS 0 only if queue_qos0_messages says so",
        arguments: [false, true]
    )
    func away(areQoS0MessagesQueued: Bool) {
        var limits = limits()
        limits.areQoS0MessagesQueued = areQoS0MessagesQueued
        let client = SessionTranscript(limits)
        #expect(client.deliver("a", .atLeastOnce) == "queued")
        #expect(client.deliver("b", .atMostOnce) == (areQoS0MessagesQueued ? "queued" : "dropped: clientAway"))
        #expect(client.deliver("c", .exactlyOnce) == "queued")
        #expect(client.next() == [])
        client.attach()
        #expect(
            client.next() == ["PUBLISH 1 a q1"] + (areQoS0MessagesQueued ? ["PUBLISH b q0"] : []) + ["PUBLISH 2 c q2"]
        )
    }

    @Test("Messages that end while they wait are not sent [MQTT-3.3.2-5]")
    func expiry() {
        var client = SessionTranscript()
        #expect(client.deliver("a", .atLeastOnce, expiryUnixSeconds: 1_010) == "queued")
        #expect(client.deliver("b", .atLeastOnce, expiryUnixSeconds: 1_100) == "queued")
        #expect(client.deliver("c", .atLeastOnce) == "queued")
        client.unixSeconds = 1_010
        client.attach()
        #expect(client.next() == ["PUBLISH 1 b q1", "PUBLISH 2 c q1"])
        #expect(client.session.window.queue.bytes == 0)
    }

    @Test("What is too large for the client is not sent, and nothing else suffers [MQTT-3.1.2-24], [MQTT-3.1.2-25]")
    func packetTooLarge() {
        let client = SessionTranscript()
        #expect(client.deliver("0123456789", .atLeastOnce) == "queued")
        #expect(client.deliver("a", .atLeastOnce) == "queued")
        // PUBLISH of QoS 1 and 5.0 with a topic of one byte and one byte of payload: 2 + 3 + 2 + 1 + 1.
        client.attach(packetBytesMax: 9)
        #expect(client.next() == ["PUBLISH 1 a q1"])
        #expect(client.deliver("bb", .atMostOnce) == "PUBLISH bb q0")
        #expect(client.deliver("bb", .atLeastOnce) == "dropped: packetTooLarge")
        #expect(client.deliver("b", .atLeastOnce) == "PUBLISH 2 b q1")
    }

    @Test("Identifiers wrap around after 65,535 and pass over those in use [MQTT-2.2.1-4]")
    func wraparound() {
        let client = SessionTranscript(limits(inflight: 10))
        client.attach()
        #expect(client.deliver("stuck", .atLeastOnce) == "PUBLISH 1 stuck q1")
        #expect(client.deliver("stuck", .exactlyOnce) == "PUBLISH 2 stuck q2")
        #expect(client.session.pubrecReceived(2) == .sendPubrel(.success))
        for identifier in UInt16(3) ... .max {
            #expect(client.deliver("x", .atLeastOnce) == "PUBLISH \(identifier) x q1")
            #expect(client.session.pubackReceived(identifier) == .completed)
        }
        #expect(client.deliver("y", .atLeastOnce) == "PUBLISH 3 y q1")
        #expect(client.session.pubackReceived(1) == .completed)
        #expect(client.deliver("z", .atLeastOnce) == "PUBLISH 4 z q1")
    }

    @Test("With the largest window every identifier can be in use at once, and then everything waits")
    func allIdentifiers() {
        let client = SessionTranscript(limits(inflight: 0))
        client.attach()
        for identifier in UInt16(1) ... .max {
            #expect(client.deliver("x", .atLeastOnce) == "PUBLISH \(identifier) x q1")
        }
        #expect(client.deliver("y", .atLeastOnce) == "queued")
        #expect(client.session.pubackReceived(77) == .completed)
        #expect(client.next() == ["PUBLISH 77 y q1"])
    }
}
