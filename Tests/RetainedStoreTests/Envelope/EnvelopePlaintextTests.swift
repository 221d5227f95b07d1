import Testing

@testable import RetainedStore

@Suite("The plaintext of an envelope")
struct EnvelopePlaintextTests {
    private func parse(_ bytes: [UInt8]) throws(EnvelopeError) -> Message {
        try bytes.withUnsafeBytes { bytes in
            Result { () throws(EnvelopeError) in Message(try EnvelopePlaintext.parse(bytes)) }
        }.get()
    }

    /// A plaintext of 40 + 3 + 6 + 4 + 2 + 5 bytes.
    private var plaintext: [UInt8] {
        var message = Message()
        message.properties = [0x01, 0x01]
        message.payload = Array("hello".utf8)
        return message.plaintext
    }

    struct Fault {
        var offset: Int
        var value: UInt8
        var error: EnvelopeError
    }

    @Test(
        "what authenticates but cannot have been written is called malformed, with its place",
        arguments: [
            Fault(offset: 0, value: 2, error: .unknownPlaintextVersion(2)),
            Fault(offset: 1, value: 3, error: .malformed(field: "QoS", offset: 1)),
            Fault(offset: 1, value: 0x81, error: .malformed(field: "QoS", offset: 1)),
            Fault(offset: 2, value: 0, error: .malformed(field: "topic bytes", offset: 2)),
            Fault(offset: 3, value: 1, error: .malformed(field: "topic bytes", offset: 2)),
            Fault(offset: 5, value: 1, error: .malformed(field: "client id bytes", offset: 4)),
            Fault(offset: 7, value: 1, error: .malformed(field: "user name bytes", offset: 6)),
            Fault(offset: 11, value: 1, error: .malformed(field: "zero", offset: 10)),
            Fault(offset: 15, value: 0xFF, error: .malformed(field: "property bytes", offset: 12)),
            Fault(offset: 16, value: 6, error: .malformed(field: "payload bytes", offset: 16)),
            Fault(offset: 16, value: 4, error: .malformed(field: "padding", offset: 59)),
            Fault(offset: 20, value: 1, error: .malformed(field: "zero", offset: 20)),
        ]
    )
    func faults(_ fault: Fault) throws {
        var bytes = plaintext
        #expect(throws: Never.self) { try parse(bytes) }
        bytes[fault.offset] = fault.value
        #expect(throws: fault.error) { try parse(bytes) }
    }

    @Test("no bytes at all make the parser read beyond them", arguments: 0..<8)
    func random(_ round: UInt64) {
        var random = SeededGenerator(seed: Seed.value &+ round)
        for _ in 0..<5_000 {
            var bytes = plaintext + random.bytes(Int.random(in: 0...8, using: &random))
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            bytes.removeLast(Int.random(in: 0...bytes.count, using: &random) / 3)
            guard let message = try? parse(bytes) else { continue }
            let parsed = message.plaintext
            #expect(Array(bytes[..<parsed.count]) == parsed, "seed \(Seed.value)")
            #expect(bytes[parsed.count...].allSatisfy { $0 == 0 }, "seed \(Seed.value)")
        }
    }

    @Test("padding hides lengths, and costs what it says")
    func padding() {
        for count in [40, 41, 63, 64, 65, 100, 1_000, 4_096, 100_000] {
            #expect(EnvelopePadding.none.paddedBytes(count) == count)
            #expect(EnvelopePadding.multiples(of: 64).paddedBytes(count) == (count + 63) / 64 * 64)
            let padded = EnvelopePadding.sizeClasses.paddedBytes(count)
            #expect(padded >= count && Double(padded) <= Double(count) * 1.12)
            #expect(EnvelopePadding.sizeClasses.paddedBytes(padded) == padded)
        }
        #expect(EnvelopePadding.multiples(of: 0).paddedBytes(41) == 41)
        // From Padmé's paper: 9 bits of length, of which the last 4 may not show.
        #expect(EnvelopePadding.sizeClasses.paddedBytes(257) == 272)
        #expect(Set((4_096..<8_192).map { EnvelopePadding.sizeClasses.paddedBytes($0) }).count <= 17)
    }
}
