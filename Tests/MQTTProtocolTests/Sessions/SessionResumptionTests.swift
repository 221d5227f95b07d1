import MQTTWire
import Testing

@testable import MQTTProtocol

@Suite("A session goes on where its last connection ended")
struct SessionResumptionTests {
    @Test(
        "What was not finished is sent again in the original order, with DUP or as PUBREL [MQTT-4.4.0-1], [MQTT-4.6.0-1]"
    )
    func order() {
        let client = SessionTranscript()
        client.attach()
        _ = ["a", "b", "c", "d", "e"].map { client.deliver($0, $0 == "a" || $0 == "d" ? .atLeastOnce : .exactlyOnce) }
        #expect(client.session.pubrecReceived(3) == .sendPubrel(.success))
        #expect(client.session.pubrecReceived(5) == .sendPubrel(.success))
        #expect(client.session.pubcompReceived(5) == .completed)
        #expect(client.session.detach() == false)
        #expect(client.deliver("f", .atLeastOnce) == "queued")

        client.attach()
        #expect(
            client.next() == [
                "PUBLISH 1 a q1 dup", "PUBLISH 2 b q2 dup", "PUBREL 3", "PUBLISH 4 d q1 dup", "PUBLISH 6 f q1",
            ]
        )
        for identifier in [UInt16(1), 4, 6] { #expect(client.session.pubackReceived(identifier) == .completed) }
        #expect(client.session.pubrecReceived(2) == .sendPubrel(.success))
        #expect(client.session.pubcompReceived(2) == .completed)
        #expect(client.session.pubcompReceived(3) == .completed)
        #expect(client.session.inflightCount == 0)
        #expect(client.session.window.usedCount == 0)
        #expect(client.session.window.usedBytes == 0)
    }

    @Test("What was sent does not expire any more [MQTT-4.3.3-7]", arguments: [QoS.atLeastOnce, .exactlyOnce])
    func whatWasSentDoesNotExpire(qos: QoS) {
        var client = SessionTranscript()
        client.attach()
        #expect(client.deliver("a", qos, expiryUnixSeconds: 1_010) == "PUBLISH 1 a q\(qos.rawValue)")
        client.session.detach()
        #expect(client.deliver("b", qos, expiryUnixSeconds: 1_010) == "queued")
        client.unixSeconds = 1_010
        client.attach()
        #expect(client.next() == ["PUBLISH 1 a q\(qos.rawValue) dup"], "sent again, unlike what only waited")
    }

    @Test("A smaller receive maximum than before is kept while resuming")
    func smallerWindow() {
        let client = SessionTranscript()
        client.attach()
        for payload in ["a", "b", "c"] { _ = client.deliver(payload, .atLeastOnce) }
        client.session.detach()
        client.attach(receiveMaximum: 1)
        #expect(client.next() == ["PUBLISH 1 a q1 dup"])
        #expect(client.deliver("d", .atLeastOnce) == "queued")
        #expect(client.session.retainedRoom == 0)
        #expect(client.session.pubackReceived(1) == .completed)
        #expect(client.next() == ["PUBLISH 2 b q1 dup"])
        // The client answers a message that it had received on the last connection and that was not sent again yet.
        #expect(client.session.pubackReceived(3) == .completed)
        #expect(client.next() == [])
        #expect(client.session.pubackReceived(2) == .completed)
        #expect(client.next() == ["PUBLISH 4 d q1"])
    }

    @Test("Order survives the wraparound of identifiers")
    func wraparound() {
        let client = SessionTranscript()
        client.session.window.nextIdentifier = 65_534
        client.attach()
        #expect(["a", "b", "c"].map { client.deliver($0, .atLeastOnce) }.last == "PUBLISH 1 c q1")
        client.session.detach()
        client.attach()
        #expect(client.next() == ["PUBLISH 65534 a q1 dup", "PUBLISH 65535 b q1 dup", "PUBLISH 1 c q1 dup"])
    }

    @Test("Resuming twice sends everything twice")
    func twice() {
        let client = SessionTranscript()
        client.attach()
        _ = client.deliver("a", .atLeastOnce)
        for _ in 0..<2 {
            client.session.detach()
            client.attach()
            #expect(client.next() == ["PUBLISH 1 a q1 dup"])
        }
        #expect(client.session.pubackReceived(1) == .completed)
        #expect(client.session.window.usedCount == 0)
    }

    @Test("The session ends with its connection exactly if its expiry interval is 0 (§3.1.2.11.2)")
    func expiry() {
        let session = SessionTranscript().session
        session.attach(version: .v50, expirySeconds: 0)
        #expect(session.detach() == true)
        session.attach(version: .v50, expirySeconds: 10)
        #expect(session.detach() == false)
        #expect(session.expiryDeadline(from: 500) == 10_500)
        session.attach(version: .v50, expirySeconds: 10)
        #expect(session.detach(expirySeconds: 0) == true)
        session.attach(version: .v311, expirySeconds: .max)
        #expect(session.detach() == false)
        #expect(session.expiryDeadline(from: 500) == nil)
    }

    @Test(
        "Whatever is delivered, acknowledged and torn down, every message arrives, in order",
        arguments: UInt64(0)..<20
    )
    func everythingArrives(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var limits = ProtocolLimits()
        limits.inflightCountMax = Int.random(in: 1...5, using: &random)
        limits.inflightEarnedCountMax = Int.random(in: 1...8, using: &random)
        limits.queuedCountMax = 0
        let client = SessionTranscript(limits)
        let session = client.session
        var sent = 0
        // What the client holds: identifiers to be acknowledged, with the message's number and stage.
        var atClient: [(identifier: UInt16, qos: QoS, isReceived: Bool)] = []
        var arrived: [Int] = []
        var seen: Set<Int> = []

        func receive(_ delivery: Delivery) {
            let number = Int(String(decoding: delivery.publication.payload, as: UTF8.self)) ?? -1
            atClient.append((delivery.packetIdentifier, delivery.qos, false))
            let isFirst = seen.insert(number).inserted
            #expect(isFirst || delivery.isDuplicate)
            if isFirst { arrived.append(number) }
        }
        func drain() {
            while true {
                switch session.nextToSend(at: 0) {
                case .publish(let delivery): receive(delivery)
                case .pubrel(let identifier): atClient.append((identifier, .exactlyOnce, true))
                case .none: return
                }
            }
        }
        func acknowledge(_ position: Int) {
            let packet = atClient[position]
            if packet.qos == .atLeastOnce {
                #expect(session.pubackReceived(packet.identifier) == .completed)
                atClient.remove(at: position)
            } else if !packet.isReceived {
                #expect(session.pubrecReceived(packet.identifier) == .sendPubrel(.success))
                atClient[position].isReceived = true
            } else {
                #expect(session.pubcompReceived(packet.identifier) == .completed)
                atClient.remove(at: position)
            }
            drain()
        }

        for _ in 0..<1_000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...4:
                let qos = Bool.random(using: &random) ? QoS.atLeastOnce : .exactlyOnce
                let match = Match(Subscriber(session.handle, maximumQoS: qos))
                let action = session.deliver(SessionTranscript.publication("\(sent)"), match)
                sent += 1
                if case .send(let delivery) = action { receive(delivery) }
                if case .dropped = action { Issue.record("dropped") }
            case 5...8:
                guard session.isAttached, !atClient.isEmpty else { continue }
                acknowledge(Int.random(in: 0..<atClient.count, using: &random))
            default:
                if session.isAttached {
                    session.detach()
                    atClient = []
                } else {
                    client.attach(receiveMaximum: UInt16.random(in: 1...5, using: &random))
                    drain()
                }
            }
            #expect(session.window.usedCount <= session.inflightCount)
            #expect(session.window.usedBoundCount <= session.window.usedCount)
        }
        if !session.isAttached {
            client.attach()
            drain()
        }
        while !atClient.isEmpty { acknowledge(0) }
        #expect(arrived == Array(0..<sent))
        #expect(session.inflightCount == 0)
        #expect(session.window.usedCount == 0 && session.window.usedBoundCount == 0)
        #expect(session.window.usedBytes == 0)
        #expect(session.window.queue.bytes == 0)
    }
}
