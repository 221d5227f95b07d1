import MQTTWire
import Testing

/// A packet that must be refused, and why.
struct MalformedPacket: Sendable, CustomTestStringConvertible {
    let name: String
    let version: ProtocolVersion
    let reason: DecodingError.Reason
    let transcript: Transcript

    init(_ name: String, _ version: ProtocolVersion, _ reason: DecodingError.Reason, _ transcript: Transcript) {
        self.name = name
        self.version = version
        self.reason = reason
        self.transcript = transcript
    }

    var testDescription: String { "\(name) (\(version))" }

    /// Expects that reading the packet fails for the reason that is given.
    func expectRefusal(
        sourceLocation: SourceLocation = #_sourceLocation,
        reading body: (Frame) throws -> Void
    ) {
        #expect(throws: DecodingError(reason), "\(name): \(transcript)", sourceLocation: sourceLocation) {
            try withFrame(transcript, sourceLocation: sourceLocation, body)
        }
    }
}
