/// A property of a message as mosquitto writes it into JSON: `mosquitto_db_dump --json`, its sqlite store.
///
/// `identifier` is the name that mosquitto's tools use; `value` is a number for the payload format, text for the others,
/// hexadecimal for correlation data; `name` is there for user properties.
public struct PropertyJSON: Codable, Sendable, Equatable {
    /// The properties that are forwarded with a message (MQTT 5.0, 3.3.2.3).
    public enum Identifier: String, Codable, Sendable {
        case payloadFormatIndicator = "payload-format-indicator"
        case contentType = "content-type"
        case responseTopic = "response-topic"
        case correlationData = "correlation-data"
        case userProperty = "user-property"
    }

    /// A number or a text.
    public enum Value: Codable, Sendable, Equatable {
        case number(UInt8)
        case text(String)

        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(UInt8.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            }
        }
    }

    public var identifier: Identifier
    public var name: String?
    public var value: Value

    public init(_ identifier: Identifier, name: String? = nil, value: Value) {
        self.identifier = identifier
        self.name = name
        self.value = value
    }
}
