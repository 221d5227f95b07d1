import FoundationEssentials

/// What `mosquitto_db_dump --json` prints (mosquitto 2.1), as far as retained messages are concerned.
///
/// Base messages and the store ids of the retained ones stand in two lists, as in a mosquitto.db.
public struct MosquittoDump: Sendable {
    private struct File: Decodable {
        let baseMessages: [Base]
        let retained: [Mark]

        enum CodingKeys: String, CodingKey {
            case baseMessages = "base-messages"
            case retained = "retained-messages"
        }
    }

    private struct Mark: Decodable {
        let storeid: UInt64
    }

    private struct Base: Decodable {
        let storeID: UInt64
        let expiryTime: Int64
        let sourcePort: UInt16
        let qos: UInt8
        let topic: String
        let clientID: String?
        let userName: String?
        let payload: Data?
        let properties: [PropertyJSON]?

        enum CodingKeys: String, CodingKey {
            case storeID = "storeid"
            case expiryTime = "expiry-time"
            case sourcePort = "source-port"
            case qos
            case topic
            case clientID = "clientid"
            case userName = "username"
            case payload
            case properties
        }
    }

    /// The retained messages, each the one of its topic; `nil` in place of one whose properties are none of MQTT 5.0.
    public let messages: [RetainedMessage?]

    /// Parses the output of the tool.
    ///
    /// - Throws: ``MosquittoFileError`` where it is not that.
    public init(json: [UInt8], file name: String) throws(MosquittoFileError) {
        let file: File
        do {
            file = try JSONDecoder().decode(File.self, from: Data(json))
        } catch {
            throw MosquittoFileError(
                .malformed,
                at: SourceLocation(file: name, line: 0),
                "it is not what mosquitto_db_dump --json prints",
                remedy: "dump the database again, or import the mosquitto.db itself"
            )
        }
        let retained = Set(file.retained.map(\.storeid))
        messages = file.baseMessages.filter { retained.contains($0.storeID) }.map { message in
            guard let properties = PropertyJSON.encoded(message.properties ?? []) else { return nil }
            return RetainedMessage(
                topic: Array(message.topic.utf8),
                payload: message.payload.map { Array($0) } ?? [],
                properties: properties,
                qos: message.qos,
                expirySeconds: UInt64(clamping: message.expiryTime),
                clientID: Array((message.clientID ?? "").utf8),
                userName: Array((message.userName ?? "").utf8),
                listenerPort: message.sourcePort
            )
        }
    }
}
