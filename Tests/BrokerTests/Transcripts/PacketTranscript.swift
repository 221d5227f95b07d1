import BrokerTesting
import Foundation
import MQTTProtocol
import Testing

/// An exchange of packets as the specification prescribes it, from `Fixtures/mqtt/transcripts`: who sends which bytes, and gets which.
///
/// A step is a sentence about one client:
///
///     a sends 30 04 00 01 'tx'     these bytes; text in single quotes
///     a gets 40 02 00 01           exactly these bytes come next; ?? stands for any byte
///     a gets nothing more          two PINGREQs are answered, and nothing comes in between
///     a is closed                  the connection ends, and nothing comes before that
///     a drops                      the client ends the connection without a DISCONNECT
struct PacketTranscript: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    /// By mosquitto's names.
    let settings: [String: Int]?
    /// Clients that have connected before, with a clean start and without wanting problem information: their names, and
    /// their versions.
    let connected: [String: String]?
    let steps: [String]
    private(set) var file = ""

    private enum CodingKeys: CodingKey {
        case name, settings, connected, steps
    }

    var testDescription: String { "\(file): \(name)" }

    /// All of them, file by file.
    static let all: [PacketTranscript] = {
        let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/mqtt/transcripts")
        do {
            let files = try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
            return try files.filter { $0.pathExtension == "json" }.sorted { $0.path() < $1.path() }.flatMap { file in
                var transcripts = try JSONDecoder().decode([PacketTranscript].self, from: Data(contentsOf: file))
                for index in transcripts.indices {
                    transcripts[index].file = file.deletingPathExtension().lastPathComponent
                }
                return transcripts
            }
        } catch {
            preconditionFailure("the transcripts cannot be read: \(error)")
        }
    }()

    /// The limits of the broker.
    func limits() throws -> ProtocolLimits {
        var limits = ProtocolLimits()
        for (name, value) in settings ?? [:] {
            switch name {
            case "allow_zero_length_clientid": limits.isEmptyClientIDAllowed = value != 0
            case "max_inflight_bytes": limits.inflightBytesMax = value
            case "max_inflight_messages":
                limits.inflightCountMax = value
                limits.inflightEarnedCountMax = value
            case "max_keepalive": limits.keepAliveSecondsMax = UInt16(value)
            case "max_qos": limits.qosMax = UInt8(value)
            case "max_topic_alias_broker": limits.topicAliasBrokerMax = UInt16(value)
            case "message_size_limit": limits.payloadBytesMax = value
            case "retain_available": limits.isRetainAvailable = value != 0
            case "unreleased_messages": limits.unreleasedCountMax = value
            case "upgrade_outgoing_qos": limits.isOutgoingQoSUpgraded = value != 0
            default: throw ClientFailure.unexpected("the setting \(name)")
            }
        }
        return limits
    }
}
