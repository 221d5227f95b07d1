import MQTTWire
import Testing

@Suite("Fixed header (2.1)")
struct FixedHeaderTests {
    struct Length: Sendable {
        let encoded: Transcript
        let bodyBytes: Int
    }

    /// Table 2-1 of 5.0, the first and last value of each size.
    @Test(arguments: [
        Length(encoded: "00", bodyBytes: 0),
        Length(encoded: "7f", bodyBytes: 127),
        Length(encoded: "80 01", bodyBytes: 128),
        Length(encoded: "ff 7f", bodyBytes: 16_383),
        Length(encoded: "80 80 01", bodyBytes: 16_384),
        Length(encoded: "ff ff 7f", bodyBytes: 2_097_151),
        Length(encoded: "80 80 80 01", bodyBytes: 2_097_152),
        Length(encoded: "ff ff ff 7f", bodyBytes: 268_435_455),
        // More bytes than necessary: 3.1.1 has no rule against it, and some clients do it.
        Length(encoded: "85 80 80 00", bodyBytes: 5),
    ])
    func remainingLength(_ length: Length) throws {
        let bytes = [0x30] + length.encoded.bytes
        let header = try #require(try next(bytes))
        #expect(header.type == .publish)
        #expect(header.bodyBytes == length.bodyBytes)
        #expect(header.headerBytes == bytes.count)
        #expect(header.totalBytes == bytes.count + length.bodyBytes)
        for count in 0..<bytes.count {
            #expect(try next(Array(bytes.prefix(count))) == nil)
        }
    }

    @Test("A fourth byte with a continuation bit is malformed at once", arguments: [0x80, 0xFF] as [UInt8])
    func remainingLengthOfFiveBytes(_ byte: UInt8) {
        #expect(throws: DecodingError(.remainingLengthMalformed)) {
            try next([0x30, 0x80, 0x80, 0x80, byte])
        }
    }

    /// Table 2-2 of 5.0; PUBLISH judges its own flags, and DUP is left to the packets that 3.1 allows it for.
    @Test(arguments: 0...UInt8.max)
    func flags(first: UInt8) throws {
        let flags = first & 0x0F
        let expected: DecodingError.Reason? =
            switch first >> 4 {
            case 0: .packetTypeReserved
            case 3: nil
            case 6, 8, 10: flags == 0x02 || flags == 0x0A ? nil : .flagsReserved
            default: flags == 0 ? nil : .flagsReserved
            }
        // The first byte alone is enough to refuse, and never enough to accept.
        for bytes in [[first], [first, 0]] {
            if let expected {
                #expect(throws: DecodingError(expected)) { try next(bytes) }
            } else {
                let header = try next(bytes)
                #expect(header == nil || bytes.count == 2)
                #expect(header.map { $0.type.rawValue << 4 | $0.flags } ?? first == first)
            }
        }
    }

    @Test(
        "Peers that speak something else are refused by their first byte",
        arguments: [
            "'GET / HTTP/1.1'", "16 03 01", "'SSH-2.0'", "00 00",
        ] as [Transcript]
    )
    func otherProtocols(_ bytes: Transcript) {
        #expect(throws: DecodingError.self) { try next(Array(bytes.bytes.prefix(1))) }
    }

    @Test("PINGREQ and PINGRESP have no body", arguments: [0xC0, 0xD0] as [UInt8])
    func pingWithBody(_ first: UInt8) throws {
        #expect(try next([first, 0]) != nil)
        #expect(throws: DecodingError(.remainingLengthMalformed)) { try next([first, 1]) }
    }

    @Test("A packet that is too large is refused when its header is there, with a code of its own")
    func packetTooLarge() throws {
        let header: Transcript = "30 80 01"
        #expect(try next(header.bytes, packetBytesMax: 131)?.totalBytes == 131)
        #expect(throws: DecodingError(.packetTooLarge)) { try next(header.bytes, packetBytesMax: 130) }
        #expect(DecodingError(.packetTooLarge).reasonCode == .packetTooLarge)
        #expect(DecodingError(.remainingLengthMalformed).reasonCode == .malformedPacket)
    }

    @discardableResult
    private func next(_ bytes: [UInt8], packetBytesMax: Int = .max) throws -> FixedHeader? {
        try withGuardedBytes(bytes) { try FixedHeader.next(in: $0, packetBytesMax: packetBytesMax) }
    }
}
