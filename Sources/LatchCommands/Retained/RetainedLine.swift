import FoundationEssentials
import Mosquitto

/// One retained message in a list: everything but what it says.
struct RetainedLine: Codable, Equatable {
    var topic: String
    var bytes: Int
    var qos: UInt8
    var published: String?
    var expires: String?
    var userName: String?
    var clientID: String?

    enum CodingKeys: String, CodingKey {
        case topic, bytes, qos, published, expires
        case userName = "user_name"
        case clientID = "client_id"
    }

    init(_ message: RetainedMessage) {
        topic = String(decoding: message.topic, as: UTF8.self)
        bytes = message.payload.count
        qos = message.qos
        published = Self.time(message.publishTimeMilliseconds / 1000)
        expires = Self.time(message.expirySeconds)
        userName = message.userName.isEmpty ? nil : String(decoding: message.userName, as: UTF8.self)
        clientID = message.clientID.isEmpty ? nil : String(decoding: message.clientID, as: UTF8.self)
    }

    /// A time of ISO 8601; `nil` for 0, which is none.
    private static func time(_ seconds: UInt64) -> String? {
        // Beyond the year 9999 the form has no room.
        guard seconds > 0, seconds < 253_402_300_800 else { return nil }
        return Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }

    /// A table for people, one line a message.
    static func table(_ lines: [RetainedLine]) -> String {
        let rows =
            [["TOPIC", "BYTES", "QOS", "PUBLISHED", "EXPIRES", "USER", "CLIENT"]]
            + lines.map { line in
                [
                    TerminalText.printable(line.topic), "\(line.bytes)", "\(line.qos)", line.published ?? "-",
                    line.expires ?? "never",
                    line.userName.map(TerminalText.printable) ?? "-",
                    line.clientID.map(TerminalText.printable) ?? "-",
                ]
            }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                column == row.count - 1 ? cell.0 : cell.0 + String(repeating: " ", count: cell.1 - cell.0.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// A line for scripts.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        } catch {
            preconditionFailure("a line holds only text and numbers: \(error)")
        }
    }
}
