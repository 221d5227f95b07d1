import Testing

@testable import RetainedStore

@Suite("SipHash-2-4 with 128 bits of output")
struct SipHash128Tests {
    static let key = [UInt8](0..<16)

    /// The first of the reference code's vectors_sip128: messages 00, 00 01, …
    static let vectors = [
        "a3817f04ba25a8e66df67214c7550293",
        "da87c1d86b99af44347659119b22fc45",
        "8177228da4a45dc7fca38bdef60affe4",
    ]

    @Test("one context gives the reference code's vectors")
    func vectors() throws {
        var function = try SipHash128(key: Self.key.secret)
        for (count, vector) in Self.vectors.enumerated() {
            let message = [UInt8]((0..<count).map { UInt8($0) })
            #expect(Self.hash(message, &function).hexadecimal == vector)
            #expect(ReferenceSipHash.hash(message, key: Self.key).hexadecimal == vector)
        }
    }

    @Test("agrees with the reference at every length from 0 to 300")
    func lengths() throws {
        var random = SeededGenerator(seed: Seed.value)
        let key = random.bytes(16)
        var function = try SipHash128(key: key.secret)
        for count in 0...300 {
            let message = random.bytes(count)
            #expect(
                Self.hash(message, &function) == ReferenceSipHash.hash(message, key: key),
                "\(count) bytes, seed \(Seed.value)"
            )
        }
    }

    private static func hash(_ message: [UInt8], _ function: inout SipHash128) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: 16)
        message.withUnsafeBytes { function.update($0) }
        output.withUnsafeMutableBytes { function.finish(into: $0.baseAddress!) }
        return output
    }
}
