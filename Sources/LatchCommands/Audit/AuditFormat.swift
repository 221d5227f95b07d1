import Broker
import Mosquitto

/// How an event is written on a line: `event=login client=a1 user="Zoë B" address=192.0.2.1:50123`, or as a JSON object with the same names.
enum AuditFormat: Sendable {
    case text
    case json

    init(_ format: AuditSettings.Format) {
        switch format {
        case .text: self = .text
        case .json: self = .json
        }
    }

    /// The line of an event, without its end.
    ///
    /// - Parameter time: as RFC 3339 writes it; `nil`: the line gets none.
    func line(_ event: AuditEvent, time: String?) -> String {
        var fields: [(name: String, value: AuditEvent.Value)] = []
        if let time { fields.append(("time", .text(time))) }
        fields.append(("event", .text(event.name.rawValue)))
        fields += event.fields.map { ($0.name, $0.value) }
        switch self {
        case .text: return fields.map { "\($0.name)=\(Self.text($0.value))" }.joined(separator: " ")
        case .json: return "{" + fields.map { "\"\($0.name)\":\(Self.json($0.value))" }.joined(separator: ",") + "}"
        }
    }

    private static func text(_ value: AuditEvent.Value) -> String {
        switch value {
        case .number(let number): "\(number)"
        case .text(let text): isPlain(text) ? text : quoted(text)
        }
    }

    private static func json(_ value: AuditEvent.Value) -> String {
        switch value {
        case .number(let number): "\(number)"
        case .text(let text): quoted(text)
        }
    }

    /// Whether a text needs no quotes: nothing in it could be taken for the end of a field.
    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "@"):
                    true
                default: false
                }
            }
    }

    /// A JSON string in which whatever a terminal or a reader of lines could act on is an escape: control characters of ASCII and Latin-1, the
    /// separators of lines and paragraphs, marks that change the direction of writing, and what is invisible.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                    for unit in String(scalar).utf16 { quoted += "\\u" + hexadecimal(unit) }
                default: quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return quoted + "\""
    }

    private static func hexadecimal(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
