import MQTTWire
import Testing

@testable import MQTTProtocol

@Suite("Acknowledgements leave in the order in which the messages came")
struct AcknowledgementQueueTests {
    /// Releases and returns what was handed out.
    private func released(_ queue: inout AcknowledgementQueue, upTo lsn: UInt64) -> [Acknowledgement] {
        var sent: [Acknowledgement] = []
        let count = queue.release(upTo: lsn) { sent.append($0) }
        #expect(count == sent.count)
        return sent
    }

    @Test("A plain message is acknowledged at once")
    func plain() {
        var queue = AcknowledgementQueue(countMax: 10)
        queue.append(.init(.puback, packetIdentifier: 1))
        #expect(released(&queue, upTo: 0) == [.init(.puback, packetIdentifier: 1)])
        #expect(queue.count == 0)
    }

    @Test("A retained message is acknowledged when it is durable, not before")
    func retained() {
        var queue = AcknowledgementQueue(countMax: 10)
        queue.append(.init(.puback, packetIdentifier: 1), durableLSN: 7)
        #expect(queue.awaitedLSN == 7)
        #expect(released(&queue, upTo: 6).isEmpty)
        #expect(released(&queue, upTo: 7) == [.init(.puback, packetIdentifier: 1)])
        #expect(queue.awaitedLSN == nil)
    }

    @Test("Plain and denied messages wait behind a retained one [MQTT-4.6.0-2], [MQTT-4.6.0-3]")
    func noOvertaking() {
        var queue = AcknowledgementQueue(countMax: 10)
        queue.append(.init(.puback, packetIdentifier: 1))
        queue.append(.init(.pubrec, packetIdentifier: 2), durableLSN: 5)
        queue.append(.init(.puback, packetIdentifier: 3, reasonCode: .notAuthorized))
        queue.append(.init(.pubrec, packetIdentifier: 4, reasonCode: .noMatchingSubscribers))
        queue.append(.init(.puback, packetIdentifier: 5), durableLSN: 6)

        #expect(released(&queue, upTo: 4) == [.init(.puback, packetIdentifier: 1)])
        #expect(
            released(&queue, upTo: 5) == [
                .init(.pubrec, packetIdentifier: 2),
                .init(.puback, packetIdentifier: 3, reasonCode: .notAuthorized),
                .init(.pubrec, packetIdentifier: 4, reasonCode: .noMatchingSubscribers),
            ]
        )
        #expect(released(&queue, upTo: 100) == [.init(.puback, packetIdentifier: 5)])
    }

    @Test("At its limit it asks for a pause and still takes what was read already")
    func full() {
        var queue = AcknowledgementQueue(countMax: 2)
        queue.append(.init(.puback, packetIdentifier: 1), durableLSN: 1)
        #expect(queue.isFull == false)
        queue.append(.init(.puback, packetIdentifier: 2), durableLSN: 2)
        #expect(queue.isFull == true)
        queue.append(.init(.puback, packetIdentifier: 3), durableLSN: 3)
        #expect(released(&queue, upTo: 2).count == 2)
        #expect(queue.isFull == false)
    }

    @Test("Whatever the LSNs and the pace of the disk, nothing is lost, reordered or early", arguments: UInt64(0)..<20)
    func order(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = AcknowledgementQueue(countMax: 1_000)
        var lsn: UInt64 = 0
        var durable: UInt64 = 0
        var owed: [(Acknowledgement, UInt64)] = []
        var next = 0
        for step in 0..<5_000 {
            if Bool.random(using: &random) {
                let identifier = UInt16(truncatingIfNeeded: step)
                let kind: Acknowledgement.Kind = Bool.random(using: &random) ? .puback : .pubrec
                var awaited: UInt64 = 0
                if Bool.random(using: &random) {
                    lsn += 1
                    awaited = lsn
                }
                owed.append((.init(kind, packetIdentifier: identifier), awaited))
                queue.append(.init(kind, packetIdentifier: identifier), durableLSN: awaited)
            } else {
                durable = UInt64.random(in: durable...lsn, using: &random)
                for acknowledgement in released(&queue, upTo: durable) {
                    #expect(acknowledgement == owed[next].0)
                    #expect(owed[next].1 <= durable)
                    next += 1
                }
                #expect(next == owed.count || owed[next].1 > durable, "an acknowledgement that is due was held back")
            }
        }
        #expect(queue.count == owed.count - next)
    }
}
