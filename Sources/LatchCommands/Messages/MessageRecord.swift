import FoundationEssentials
import Mosquitto

/// A retained message as a line of NDJSON: what `latch export` writes and `latch import` reads.
///
/// | key | value |
/// |---|---|
/// | `topic` | the topic name |
/// | `payload` | the payload, where it is UTF-8 |
/// | `payload_base64` | the payload, where it is not |
/// | `qos` | 0, 1 or 2; 0 if it is left out |
/// | `expires` | when it expires, seconds since 1970; left out: never |
/// | `published_ms` | when it was published, milliseconds since 1970 |
/// | `client_id`, `user_name`, `listener_port` | who published it, and through which port; left out: unknown, none |
/// | `properties` | the properties of MQTT 5.0, in the form that mosquitto's tools use (`PropertyJSON`) |
struct MessageRecord: Codable, Equatable {
    var topic: String
    var payload: String?
    var payloadBase64: Data?
    var qos: UInt8?
    var expires: UInt64?
    var publishedMilliseconds: UInt64?
    var clientID: String?
    var userName: String?
    var listenerPort: UInt16?
    var properties: [PropertyJSON]?

    enum CodingKeys: String, CodingKey {
        case topic, payload, qos, expires, properties
        case payloadBase64 = "payload_base64"
        case publishedMilliseconds = "published_ms"
        case clientID = "client_id"
        case userName = "user_name"
        case listenerPort = "listener_port"
    }

    /// The record of a message; `nil` if its topic or its properties are none of MQTT, or a name in it is not UTF-8.
    init?(_ message: RetainedMessage) {
        guard let topic = String(validating: message.topic, as: UTF8.self),
            let clientID = String(validating: message.clientID, as: UTF8.self),
            let userName = String(validating: message.userName, as: UTF8.self),
            let properties = try? PropertyJSON.list(message.properties)
        else { return nil }
        self.topic = topic
        payload = String(validating: message.payload, as: UTF8.self)
        if payload == nil { payloadBase64 = Data(message.payload) }
        qos = message.qos
        expires = message.expirySeconds == 0 ? nil : message.expirySeconds
        publishedMilliseconds = message.publishTimeMilliseconds == 0 ? nil : message.publishTimeMilliseconds
        self.clientID = clientID.isEmpty ? nil : clientID
        self.userName = userName.isEmpty ? nil : userName
        listenerPort = message.listenerPort == 0 ? nil : message.listenerPort
        self.properties = properties.isEmpty ? nil : properties
    }

    /// The message; `nil` if its properties are none of MQTT 5.0, or it has two payloads or none.
    var message: RetainedMessage? {
        guard let properties = PropertyJSON.encoded(properties ?? []), (payload == nil) != (payloadBase64 == nil) else {
            return nil
        }
        return RetainedMessage(
            topic: Array(topic.utf8),
            payload: payload.map { Array($0.utf8) } ?? payloadBase64.map { Array($0) } ?? [],
            properties: properties,
            qos: qos ?? 0,
            expirySeconds: expires ?? 0,
            clientID: Array((clientID ?? "").utf8),
            userName: Array((userName ?? "").utf8),
            listenerPort: listenerPort ?? 0,
            publishTimeMilliseconds: publishedMilliseconds ?? 0
        )
    }

    /// The record as a line, without its end.
    var line: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self))
        } catch {
            preconditionFailure("a record holds only text and numbers: \(error)")
        }
    }

    /// The record in a line; `nil` if it is none.
    init?(line: ArraySlice<UInt8>) {
        guard let record = try? JSONDecoder().decode(MessageRecord.self, from: Data(line)) else { return nil }
        self = record
    }
}
