import MQTTWire
import Testing

/// A valid packet: read by its own test, and cut short and damaged by the tests of robustness.
struct Sample: Sendable, CustomTestStringConvertible {
    let name: String
    let version: ProtocolVersion
    let sender: Sender
    let transcript: Transcript

    init(_ name: String, _ version: ProtocolVersion, from sender: Sender = .client, _ transcript: Transcript) {
        self.name = name
        self.version = version
        self.sender = sender
        self.transcript = transcript
    }

    var testDescription: String { "\(name) (\(version))" }
}

extension Sample {
    /// All valid packets of all tests.
    static let all: [Sample] = [
        ConnectSamples.all, ConnackSamples.all, PublishSamples.all, AcknowledgementSamples.all,
        SubscribeSamples.all, SubackSamples.all, UnsubscribeSamples.all, UnsubackSamples.all,
        DisconnectSamples.all, AuthSamples.all, PingSamples.all,
    ].flatMap(\.self)
}
