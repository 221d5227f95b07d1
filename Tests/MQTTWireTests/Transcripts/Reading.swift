import MQTTWire
import NIOCore
import Testing

/// Cuts the one packet that `bytes` are out of guarded memory and gives its frame to `body`.
func withFrame<Result>(
    _ transcript: Transcript,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (Frame) throws -> Result
) throws -> Result {
    try withGuardedBytes(transcript.bytes) { bytes in
        let frame = try #require(
            try Frame.next(in: bytes, packetBytesMax: .max),
            "incomplete: \(transcript)",
            sourceLocation: sourceLocation
        )
        #expect(frame.totalBytes == bytes.count, "\(transcript)", sourceLocation: sourceLocation)
        return try body(frame)
    }
}

/// The bytes that `body` appends to an empty buffer.
func written(_ body: (inout ByteBuffer) -> Void) -> [UInt8] {
    var buffer = ByteBuffer()
    body(&buffer)
    return Array(buffer.readableBytesView)
}

/// Expects that `actual` are the bytes of `transcript`.
func expectEqual(
    _ actual: [UInt8],
    _ transcript: Transcript,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(
        actual == transcript.bytes,
        "wrote \(Transcript.hexadecimal(actual)), expected \(Transcript.hexadecimal(transcript.bytes))",
        sourceLocation: sourceLocation
    )
}
