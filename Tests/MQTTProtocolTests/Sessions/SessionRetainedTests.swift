import MQTTWire
import Testing

@testable import MQTTProtocol

@Suite("Retained messages flow at the client's pace, beside the queue (R2)")
struct SessionRetainedTests {
    private func transcript(inflight: Int, queued: Int = 1_000) -> SessionTranscript {
        var limits = ProtocolLimits()
        limits.inflightCountMax = inflight
        limits.inflightEarnedCountMax = inflight
        limits.queuedCountMax = queued
        let client = SessionTranscript(limits)
        client.attach()
        return client
    }

    @Test("A retained message takes a place in the window and never one in the queue")
    func places() {
        let client = transcript(inflight: 2, queued: 1)
        #expect(client.session.retainedRoom == 2)
        #expect(client.retained("a") == "PUBLISH 1 a q1 retain")
        #expect(client.retained("b", .exactlyOnce) == "PUBLISH 2 b q2 retain")
        #expect(client.session.retainedRoom == 0)
        #expect(client.retained("c", .atMostOnce) == "PUBLISH c q0 retain")
        #expect(client.deliver("live", .atLeastOnce) == "queued")
        #expect(client.session.pubackReceived(1) == .completed)
        #expect(client.next() == ["PUBLISH 3 live q1"])
        #expect(client.session.retainedRoom == 0)
    }

    @Test("However many there are, none is dropped: 20,000 through a window of 10")
    func many() {
        let client = transcript(inflight: 10, queued: 5)
        var sent = 0
        var acknowledged: UInt16 = 0
        while sent < 20_000 {
            while sent < 20_000, client.session.retainedRoom > 0 {
                #expect(client.retained("x") != nil)
                sent += 1
            }
            acknowledged = acknowledged == .max ? 1 : acknowledged + 1
            #expect(client.session.pubackReceived(acknowledged) == .completed)
        }
        #expect(client.session.queuedCount == 0)
    }

    @Test("Neither starves the other, whatever the window", arguments: [1, 2, 3, 10])
    func fairness(window: Int) {
        let client = transcript(inflight: window)
        client.session.waitingRetainedQoS = .exactlyOnce
        var retained = 0
        var live = 0
        for _ in 0..<400 {
            // Both always have more than the window takes.
            while client.session.queuedCount < 20 {
                if client.deliver("live", .atLeastOnce) != "queued" { live += 1 }
            }
            var isProgressing = true
            while isProgressing {
                isProgressing = false
                while client.session.retainedRoom > 0, client.retained("r") != nil {
                    retained += 1
                    isProgressing = true
                }
                for _ in client.next() {
                    live += 1
                    isProgressing = true
                }
            }
            #expect(client.session.inflightCount == window, "a place was left empty")
            var identifiers: [UInt16] = []
            client.session.window.inflight.forEach { identifier, _ in identifiers.append(identifier) }
            identifiers.forEach { #expect(client.session.pubackReceived($0) == .completed) }
        }
        #expect(abs(retained - live) <= window, "retained \(retained), live \(live)")
    }

    @Test("What waited before a new subscription is sent before it is given retained messages (R1)")
    func olderValuesFirst() {
        let client = transcript(inflight: 1)
        #expect(client.session.hasSent(upTo: client.session.queueEnd))
        #expect(client.deliver("1", .atLeastOnce) == "PUBLISH 1 1 q1")
        #expect(client.deliver("2", .atLeastOnce) == "queued")
        let end = client.session.queueEnd
        #expect(client.deliver("newer", .atLeastOnce) == "queued")
        #expect(!client.session.hasSent(upTo: end))
        #expect(client.session.pubackReceived(1) == .completed)
        #expect(client.next() == ["PUBLISH 2 2 q1"])
        // What came after the subscription need not have gone.
        #expect(client.session.hasSent(upTo: end))
        #expect(client.session.queuedCount == 1)
        client.session.detach(expirySeconds: 100)
        client.attach()
        // What was under way is older than everything.
        #expect(!client.session.hasSent(upTo: end))
        #expect(client.next() == ["PUBLISH 2 2 q1 dup"])
        #expect(client.session.hasSent(upTo: end))
    }

    @Test("When the last retained message is sent, the queue gets everything")
    func afterwards() {
        let client = transcript(inflight: 4)
        for payload in ["a", "b", "c", "d"] { _ = client.deliver(payload, .atLeastOnce) }
        client.session.waitingRetainedQoS = .exactlyOnce
        for payload in ["e", "f", "g"] { #expect(client.deliver(payload, .atLeastOnce) == "queued") }
        #expect(client.session.pubackReceived(1) == .completed)
        #expect(client.session.pubackReceived(2) == .completed)
        // Two live messages are under way, which is half of the window; the free places are for retained ones.
        #expect(client.next() == [])
        client.session.waitingRetainedQoS = .atMostOnce
        #expect(client.next() == ["PUBLISH 5 e q1", "PUBLISH 6 f q1"])
    }

    @Test("A slice that was asked for fits, whatever max_inflight_bytes says; the next one waits")
    func bytes() {
        var limits = ProtocolLimits()
        limits.inflightBytesMax = 4
        limits.inflightEarnedCountMax = limits.inflightCountMax
        let client = SessionTranscript(limits)
        client.attach()
        #expect(client.session.retainedRoom == 20)
        #expect(client.retained("abcdef") == "PUBLISH 1 abcdef q1 retain")
        #expect(client.session.retainedRoom == 0)
        #expect(client.retained("g") == "PUBLISH 2 g q1 retain")
        #expect(client.session.pubackReceived(1) == .completed)
        #expect(client.session.retainedRoom == 19)
    }

    @Test("What is too large for the client is left out")
    func packetTooLarge() {
        let client = SessionTranscript()
        client.attach(packetBytesMax: 9)
        #expect(client.retained("bb") == nil)
        #expect(client.retained("b") == "PUBLISH 1 b q1 retain")
    }
}
