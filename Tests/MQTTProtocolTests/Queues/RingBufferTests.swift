import Testing

@testable import MQTTProtocol

@Suite("A ring buffer is a queue")
struct RingBufferTests {
    private final class Element {
        let number: Int
        init(_ number: Int) { self.number = number }
    }

    @Test("It behaves as an array does, whatever is done to it", arguments: UInt64(0)..<20)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var ring = RingBuffer<Element>()
        var model: [Element] = []
        for step in 0..<4_000 {
            switch Int.random(in: 0..<8, using: &random) {
            case 0...3:
                let element = Element(step)
                ring.append(element)
                model.append(element)
            case 4...6:
                let popped = ring.popFirst()
                #expect(popped?.number == (model.isEmpty ? nil : model.removeFirst().number))
            default:
                let dropped = Int.random(in: 0...model.count, using: &random)
                ring.removeFirst(dropped)
                model.removeFirst(dropped)
            }
            #expect(ring.count == model.count)
            #expect(ring.first === model.first)
        }
        #expect((0..<ring.count).map { ring[$0].number } == model.map(\.number))
    }

    @Test("It lets go of its elements")
    func release() {
        weak var observed: Element?
        do {
            var ring = RingBuffer<Element>()
            let element = Element(1)
            observed = element
            ring.append(element)
        }
        #expect(observed == nil)
    }

    @Test("A burst gives its memory back, a steady load keeps it")
    func memory() {
        var ring = RingBuffer<Int>()
        for number in 0..<1_000 { ring.append(number) }
        ring.removeFirst(1_000)
        #expect(ring.capacity == 1_024)
        for _ in 0..<10 {
            for number in 0..<200 { ring.append(number) }
            ring.removeFirst(200)
        }
        #expect(ring.capacity == 1_024)
        for number in 0..<20 {
            ring.append(number)
            _ = ring.popFirst()
        }
        #expect(ring.capacity == 8)
        ring.append(1)
        ring.removeAll()
        #expect(ring.capacity == 0)
    }
}
