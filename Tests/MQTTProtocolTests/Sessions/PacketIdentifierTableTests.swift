import Testing

@testable import MQTTProtocol

@Suite("A table by packet identifier")
struct PacketIdentifierTableTests {
    @Test("It behaves as a dictionary does, whatever is done to it", arguments: UInt64(0)..<20)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var table = PacketIdentifierTable<Int>()
        var model: [UInt16: Int] = [:]
        // Few distinct identifiers, half of them far apart, so that probes collide.
        let identifiers = (0..<64).map { $0 < 32 ? UInt16($0 + 1) : UInt16.random(in: 1 ... .max, using: &random) }
        for step in 0..<3_000 {
            let identifier = identifiers.randomElement(using: &random) ?? 1
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                if model[identifier] == nil {
                    table.insert(identifier, step)
                    model[identifier] = step
                }
            case 2:
                #expect(table.remove(identifier) == model.removeValue(forKey: identifier))
            default:
                let slot = table.slot(of: identifier)
                #expect((slot != nil) == (model[identifier] != nil))
                if let slot { table[slot: slot] += 1 }
                model[identifier]? += 1
            }
            #expect(table.count == model.count)
        }
        var found: [UInt16: Int] = [:]
        table.forEach { identifier, value in found[identifier] = value }
        #expect(found == model)
        for identifier in identifiers { #expect(table[identifier] == model[identifier]) }
    }

    @Test("All identifiers fit")
    func full() {
        var table = PacketIdentifierTable<Int>()
        for identifier in UInt16(1) ... .max { table.insert(identifier, Int(identifier)) }
        #expect(table.count == 65_535)
        #expect(table[40_000] == 40_000)
        for identifier in UInt16(1) ... .max { #expect(table.remove(identifier) == Int(identifier)) }
        #expect(table.count == 0)
    }
}
