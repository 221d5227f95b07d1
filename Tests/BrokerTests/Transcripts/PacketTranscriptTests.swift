import BrokerTesting
import MQTTWire
import Testing

/// The broker answers, byte for byte, as the specification has it (`Fixtures/mqtt/transcripts`).
struct PacketTranscriptTests {
    @Test(arguments: PacketTranscript.all)
    func theBrokerAnswersAsWritten(transcript: PacketTranscript) async throws {
        var setup = BrokerSetup()
        setup.limits = try transcript.limits()
        try await BrokerHarness.run(setup) { broker in
            var clients: [String: MQTTClient] = [:]
            for (name, version) in transcript.connected ?? [:] {
                clients[name] = try await broker.connect(name, try Self.version(version)) {
                    $0.requestsProblemInformation = false
                }
            }
            for (number, sentence) in transcript.steps.enumerated() {
                let step = try TranscriptStep(sentence)
                // The version says how packets are read; here bytes are compared.
                let client = if let known = clients[step.client] { known } else { try await broker.open(.v311) }
                clients[step.client] = client
                let place: Comment = "step \(number + 1): \(sentence)"
                do {
                    try await Self.take(step, client, place)
                } catch {
                    Issue.record(error, place)
                    return
                }
            }
        }
    }

    private static func take(_ step: TranscriptStep, _ client: MQTTClient, _ place: Comment) async throws {
        switch step.action {
        case .sends(let bytes):
            await client.send(bytes)
        case .gets(let expected):
            let got = Hexadecimal.bytes(try await client.receiveHex(count: expected.count))
            let differs = zip(got, expected).contains { got, expected in expected.map { $0 != got } ?? false }
            if differs {
                throw ClientFailure.unexpected(Hexadecimal.text(got))
            }
        case .getsNothingMore:
            for _ in 0..<2 {
                await client.send(hex: "c0 00")
                let got = try await client.receiveHex(count: 2)
                if got != "d0 00" { throw ClientFailure.unexpected(got) }
            }
        case .isClosed:
            let got = try await client.receiveHexToEnd()
            if !got.isEmpty { throw ClientFailure.unexpected(got) }
        case .drops:
            await client.drop()
        }
    }

    private static func version(_ text: String) throws -> ProtocolVersion {
        switch text {
        case "3.1": .v31
        case "3.1.1": .v311
        case "5.0": .v50
        default: throw ClientFailure.unexpected("the version \(text)")
        }
    }
}
