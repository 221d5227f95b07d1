import MQTTWire
import Testing

@testable import MQTTProtocol

/// What a session that is written down says of its changes, in the order in which they happen.
@Suite("A session says what is to be written down")
struct SessionRecordingTests {
    private func recorded(_ edit: (inout ProtocolLimits) -> Void = { _ in }) -> SessionTranscript {
        var limits = ProtocolLimits()
        edit(&limits)
        let client = SessionTranscript(limits)
        client.session.beginRecording(RecordNumbers(after: 100))
        return client
    }

    /// What has changed since the last call, as lines.
    private func changes(_ session: Session) -> [String] { session.takeChanges().map(line) }

    private func line(_ change: SessionChange) -> String {
        switch change {
        case .stored(let delivery): "stored \(delivery.recordNumber) \(text(delivery.publication))"
        case .sent(let identifier, let number, let sequence): "sent \(identifier): \(number), \(sequence)"
        case .released(let identifier, let sequence): "released \(identifier), \(sequence)"
        case .finished(let identifier): "finished \(identifier)"
        case .removed(let number, let publication): "removed \(number) \(text(publication))"
        case .received(let identifier): "received \(identifier)"
        }
    }

    private func text(_ publication: Publication) -> String { String(decoding: publication.payload, as: UTF8.self) }

    private func deliver(_ client: SessionTranscript, _ payload: String, _ qos: QoS, number: UInt64) {
        let match = Match(Subscriber(client.session.handle, maximumQoS: qos))
        _ = client.session.deliver(SessionTranscript.publication(payload), match, recordNumber: number)
    }

    @Test("QoS 1: a message that was written down is sent, and done with when it is acknowledged")
    func atLeastOnce() {
        let client = recorded()
        client.attach()
        deliver(client, "a", .atLeastOnce, number: 7)
        #expect(changes(client.session) == ["sent 1: 7, 0"])
        _ = client.session.pubackReceived(1)
        #expect(changes(client.session) == ["finished 1", "removed 7 a"])
        #expect(!client.session.hasChanges)
    }

    @Test("QoS 2: what is left of a message that was received is its identifier")
    func exactlyOnce() {
        let client = recorded()
        client.attach()
        deliver(client, "a", .exactlyOnce, number: 7)
        deliver(client, "b", .exactlyOnce, number: 8)
        #expect(changes(client.session) == ["sent 1: 7, 0", "sent 2: 8, 1"])
        _ = client.session.pubrecReceived(1)
        #expect(changes(client.session) == ["released 1, 0", "removed 7 a"])
        _ = client.session.pubrecReceived(1)
        #expect(changes(client.session) == [])
        _ = client.session.pubrecReceived(2, reasonCode: .quotaExceeded)
        #expect(changes(client.session) == ["finished 2", "removed 8 b"])
        _ = client.session.pubcompReceived(1)
        #expect(changes(client.session) == ["finished 1"])
    }

    @Test("QoS 0 is never written down")
    func atMostOnce() {
        let client = recorded { $0.areQoS0MessagesQueued = true }
        deliver(client, "waits", .atMostOnce, number: 0)
        client.attach()
        _ = client.next()
        deliver(client, "live", .atMostOnce, number: 0)
        #expect(changes(client.session) == [])
    }

    @Test("What nobody has written down, a retained message among others, is written down when it is queued or sent")
    func unwritten() {
        let client = recorded()
        deliver(client, "waits", .atLeastOnce, number: 0)
        #expect(changes(client.session) == ["stored 101 waits"])
        client.attach()
        _ = client.next()
        #expect(changes(client.session) == ["sent 1: 101, 0"])
        _ = client.retained("r", .exactlyOnce)
        #expect(changes(client.session) == ["stored 102 r", "sent 2: 102, 1"])
    }

    @Test("What is not delivered is removed: a full queue, a small packet, an expiry, a lost right, no right at all")
    func dropped() {
        let client = recorded { $0.queuedCountMax = 2 }
        deliver(client, "one", .atLeastOnce, number: 1)
        let match = Match(Subscriber(client.session.handle, maximumQoS: .atLeastOnce))
        let expiring = SessionTranscript.publication("two", expiryUnixSeconds: 999)
        _ = client.session.deliver(expiring, match, recordNumber: 2)
        deliver(client, "three", .atLeastOnce, number: 3)
        #expect(changes(client.session) == ["removed 3 three"])
        client.session.withdraw { self.text($0) == "one" }
        #expect(changes(client.session) == ["removed 1 one"])
        client.attach(packetBytesMax: 20)
        _ = client.next()
        #expect(changes(client.session) == ["removed 2 two"])
        deliver(client, "far more than the packet size", .atLeastOnce, number: 4)
        #expect(changes(client.session) == ["removed 4 far more than the packet size"])
        client.session.decline(SessionTranscript.publication("five"), recordNumber: 5)
        #expect(changes(client.session) == ["removed 5 five"])
        // What was under way when the client went, and may not be sent again.
        deliver(client, "six", .atLeastOnce, number: 6)
        client.session.detach()
        _ = client.session.takeChanges()
        client.session.withdraw { _ in true }
        #expect(changes(client.session) == ["finished 1", "removed 6 six"])
    }

    @Test("The identifier of a message from the client goes when it is released")
    func incoming() {
        let client = recorded()
        client.attach()
        guard case .publish = client.session.exactlyOnceReceived(9) else {
            Issue.record("not new")
            return
        }
        #expect(changes(client.session) == [])
        #expect(client.session.pubrelReceived(9) == .sendPubcomp)
        #expect(changes(client.session) == ["received 9"])
        #expect(client.session.pubrelReceived(9) == .sendPubcompNotFound)
        #expect(changes(client.session) == [])
    }

    @Test("The end removes everything, in whatever state it is")
    func end() {
        let client = recorded {
            $0.inflightCountMax = 2
            $0.inflightEarnedCountMax = 2
        }
        client.attach()
        deliver(client, "one", .atLeastOnce, number: 1)
        deliver(client, "two", .exactlyOnce, number: 2)
        deliver(client, "three", .atLeastOnce, number: 3)
        _ = client.session.pubrecReceived(2)
        _ = client.session.exactlyOnceReceived(9)
        _ = client.session.takeChanges()
        let changes = Set(client.session.endRecording().map(line))
        #expect(changes == ["finished 1", "removed 1 one", "finished 2", "removed 3 three", "received 9"])
        #expect(!client.session.isRecorded)
        _ = client.session.pubackReceived(1)
        #expect(!client.session.hasChanges)
    }

    @Test("A session that is not written down says nothing")
    func unrecorded() {
        let client = SessionTranscript()
        client.attach()
        deliver(client, "a", .exactlyOnce, number: 0)
        _ = client.session.pubrecReceived(1)
        _ = client.session.pubcompReceived(1)
        _ = client.session.exactlyOnceReceived(9)
        _ = client.session.pubrelReceived(9)
        #expect(!client.session.hasChanges)
        #expect(client.session.endRecording().isEmpty)
    }

    @Test("A session that was written down goes on: under way in order and with its identifiers, then what waits")
    func restored() {
        let client = recorded()
        func delivery(_ text: String, _ number: UInt64, _ qos: QoS) -> Delivery {
            Delivery(
                restored: SessionTranscript.publication(text),
                recordNumber: number,
                qos: qos,
                isRetained: false,
                isShared: false,
                identifiers: SubscriptionIdentifiers()
            )
        }
        client.session.restoreOutgoing(65_535, delivery("second", 2, .atLeastOnce), sequence: 11)
        client.session.restoreOutgoing(7, nil, sequence: 12)
        client.session.restoreOutgoing(65_534, delivery("first", 1, .exactlyOnce), sequence: 10)
        client.session.restoreWaiting(delivery("waits", 3, .atLeastOnce))
        client.session.restoreIncoming(9)
        client.attach()
        #expect(
            client.next() == [
                "PUBLISH 65534 first q2 dup", "PUBLISH 65535 second q1 dup", "PUBREL 7", "PUBLISH 8 waits q1",
            ]
        )
        #expect(changes(client.session) == ["sent 8: 3, 13"])
        #expect(client.session.exactlyOnceReceived(9) == .acknowledgeAgain(durableLSN: 0))
        _ = client.session.pubackReceived(65_535)
        #expect(changes(client.session) == ["finished 65535", "removed 2 second"])
    }
}
