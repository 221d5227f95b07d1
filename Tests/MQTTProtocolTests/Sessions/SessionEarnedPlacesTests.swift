import MQTTWire
import Testing

@testable import MQTTProtocol

@Suite("Messages of QoS 1 have as many places as the client's acknowledgements earn")
struct SessionEarnedPlacesTests {
    private func transcript(
        receiveMaximum: UInt16 = .max,
        edit: (inout ProtocolLimits) -> Void = { _ in }
    ) -> SessionTranscript {
        var limits = ProtocolLimits()
        limits.inflightCountMax = 4
        limits.inflightEarnedCountMax = 10
        edit(&limits)
        let client = SessionTranscript(limits)
        client.attach(receiveMaximum: receiveMaximum)
        return client
    }

    /// Delivers as many as are sent, and says how many; the first that waits goes on waiting.
    private func fill(_ client: SessionTranscript, _ payload: String = "m", _ qos: QoS = .atLeastOnce) -> Int {
        var count = client.next().count
        while client.session.queuedCount == 0 {
            if client.deliver(payload, qos) != "queued" { count += 1 }
        }
        return count
    }

    private func fillWithRetained(_ client: SessionTranscript, _ qos: QoS = .atLeastOnce) -> Int {
        client.session.waitingRetainedQoS = qos
        var count = 0
        while client.session.retainedRoom > 0, client.retained("r", qos) != nil { count += 1 }
        return count
    }

    private func acknowledge(_ client: SessionTranscript, _ identifiers: ClosedRange<UInt16>) {
        for identifier in identifiers { #expect(client.session.pubackReceived(identifier) == .completed) }
    }

    @Test("One for each acknowledgement, up to the limit; without any, max_inflight_messages")
    func growth() {
        let client = transcript()
        #expect(fill(client) == 4)
        acknowledge(client, 1...2)
        #expect(fill(client) == 4)
        #expect(client.session.inflightCount == 6)
        acknowledge(client, 3...8)
        #expect(fill(client) == 10)
        acknowledge(client, 9...10)
        #expect(fill(client) == 2)
        #expect(client.session.inflightCount == 10)
    }

    @Test("Never more than the client's receive maximum, nor than max_inflight_messages where that is given")
    func limits() {
        for client in [transcript(receiveMaximum: 5), transcript { $0.inflightEarnedCountMax = 5 }] {
            var sent = UInt16(fill(client))
            for _ in 0..<20 {
                acknowledge(client, sent...sent)
                sent += UInt16(fill(client))
            }
            #expect(client.session.inflightCount == 5)
        }
        let fixed = transcript { $0.inflightEarnedCountMax = 4 }
        #expect(fill(fixed) == 4)
        acknowledge(fixed, 1...4)
        #expect(fill(fixed) == 4)
    }

    @Test("QoS 2 keeps to the window itself, for a client keeps state for each of its messages")
    func exactlyOnce() {
        let client = transcript()
        _ = fill(client)
        acknowledge(client, 1...4)
        // The one that waited at QoS 1, and then four.
        #expect(fill(client, "m", .exactlyOnce) == 5)
        #expect(client.session.window.usedBoundCount == 4)
        for identifier in UInt16(6)...9 {
            #expect(client.session.pubrecReceived(identifier) == .sendPubrel(.success))
            #expect(client.session.pubcompReceived(identifier) == .completed)
        }
        #expect(client.next() == ["PUBLISH 10 m q2"])
        #expect(client.session.window.usedBoundCount == 1)
    }

    @Test("A shared subscription's messages keep to the window itself, for another member may be quicker")
    func shared() {
        let client = transcript()
        _ = fill(client)
        acknowledge(client, 1...4)
        #expect(client.next() == ["PUBLISH 5 m q1"])
        let match = Match(Subscriber(client.session.handle, maximumQoS: .atLeastOnce), isShared: true)
        var count = 0
        while case .send = client.session.deliver(SessionTranscript.publication("s"), match) { count += 1 }
        #expect(count == 4)
        acknowledge(client, 6...6)
        #expect(client.next() == ["PUBLISH 10 s q1"])
    }

    @Test("Retained messages for a new subscription have them, too, and live ones half of them meanwhile")
    func retained() {
        let client = transcript()
        #expect(fillWithRetained(client) == 4)
        acknowledge(client, 1...4)
        #expect(fillWithRetained(client) == 8)
        for payload in ["a", "b", "c", "d", "e", "f"] { #expect(client.deliver(payload, .atLeastOnce) == "queued") }
        acknowledge(client, 5...10)
        // Of ten places two are taken, and half are for live messages.
        #expect(client.next().count == 5)
        #expect(fillWithRetained(client) == 3)
        client.session.waitingRetainedQoS = .atMostOnce
        #expect(client.next() == [])
        acknowledge(client, 11...11)
        #expect(client.next() == ["PUBLISH 21 f q1"])
        #expect(fillWithRetained(client, .exactlyOnce) == 0)
    }

    @Test("Large messages under way leave what was earned unused")
    func bytes() {
        let client = transcript()
        _ = fill(client)
        acknowledge(client, 1...4)
        let large = String(repeating: "x", count: 400_000)
        // The one that waited; with the third of the large ones a mebibyte has passed, and there are four places.
        #expect(fill(client, large) == 4)
    }

    @Test("Another connection begins with max_inflight_messages, and is sent again what is under way")
    func resumption() {
        let client = transcript()
        _ = fill(client)
        acknowledge(client, 1...4)
        #expect(fill(client) == 8)
        client.session.detach(expirySeconds: 100)
        client.attach()
        #expect(client.next().count == 4)
        acknowledge(client, 5...8)
        #expect(client.next().count == 5)
    }
}
