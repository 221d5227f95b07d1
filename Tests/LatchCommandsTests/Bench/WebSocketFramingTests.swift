import Testing

@testable import LatchCommands

@Suite struct WebSocketFramingTests {
    private static func header(payloadBytes: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: 20)
        let count = bytes.withUnsafeMutableBytes {
            WebSocketFraming.writeHeader(payloadBytes: payloadBytes, endingAt: $0.baseAddress! + 20)
        }
        #expect(bytes.prefix(20 - count).allSatisfy { $0 == 0xEE })
        return Array(bytes.suffix(count))
    }

    @Test func headersHaveTheShortestLengthAndAMask() {
        #expect(Self.header(payloadBytes: 125) == [0x82, 0x80 | 125, 0, 0, 0, 0])
        #expect(Self.header(payloadBytes: 126) == [0x82, 0x80 | 126, 0, 126, 0, 0, 0, 0])
        #expect(Self.header(payloadBytes: 0xFFFF) == [0x82, 0x80 | 126, 0xFF, 0xFF, 0, 0, 0, 0])
        #expect(
            Self.header(payloadBytes: 0x1_0000) == [0x82, 0x80 | 127, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        )
    }

    /// Frames of several lengths with a ping between them, cut at every place: the payload comes out whole each time.
    @Test func framesComeInAnyPieces() throws {
        let long = [UInt8](repeating: 7, count: 300)
        let stream: [UInt8] =
            [0x82, 2, 1, 2, 0x89, 1, 9, 0x02, 1, 3, 0x80, 1, 4, 0x82, 126, 1, 44] + long + [0x82, 0, 0x82, 1, 5]
        let payload = [1, 2, 3, 4] + long + [5]
        for cut in 0...stream.count {
            var framing = WebSocketFraming()
            var found: [UInt8] = []
            for part in [stream[..<cut], stream[cut...]] {
                var bytes = Array(part)
                let count = try bytes.withUnsafeMutableBytes { (bytes) throws(LoadFailure) in try framing.unframe(bytes)
                }
                found += bytes.prefix(try #require(count))
            }
            #expect(framing.pongs == [[0x8A, 0x81, 0, 0, 0, 0, 9]], "cut at \(cut)")
            #expect(found == payload, "cut at \(cut)")
        }
    }

    @Test func aCloseFrameEndsTheConnection() throws {
        var framing = WebSocketFraming()
        var bytes: [UInt8] = [0x88, 2, 3, 0xE8]
        #expect(try bytes.withUnsafeMutableBytes { (bytes) throws(LoadFailure) in try framing.unframe(bytes) } == nil)
    }

    @Test func aMaskedFrameOfAServerIsMalformed() {
        var framing = WebSocketFraming()
        var bytes: [UInt8] = [0x82, 0x81, 0, 0, 0, 0, 1]
        #expect(throws: LoadFailure.self) {
            try bytes.withUnsafeMutableBytes { (bytes) throws(LoadFailure) in try framing.unframe(bytes) }
        }
    }
}
