import Broker
import FoundationEssentials
import Testing

@testable import LatchCommands

/// The form of an event, and what a client's own words cannot do to it.
@Suite struct AuditFormatTests {
    private let event = AuditEvent(.login).with("client", "a1").with("user", "Zoë B").with("port", 1883)
        .with("address", "192.0.2.1:50123").with("nothing", nil as String?)

    @Test func aLineOfText() {
        #expect(
            AuditFormat.text.line(event, time: "T")
                == "time=T event=login client=a1 user=\"Zoë B\" port=1883 address=192.0.2.1:50123"
        )
        #expect(AuditFormat.text.line(AuditEvent(.login).with("client", ""), time: nil) == "event=login client=\"\"")
    }

    @Test func aLineOfJSON() {
        #expect(
            AuditFormat.json.line(event, time: "T")
                == #"{"time":"T","event":"login","client":"a1","user":"Zoë B","port":1883,"address":"192.0.2.1:50123"}"#
        )
    }

    /// Names that try to end the field, the line, or the view of a terminal.
    private static let forgeries = [
        "a\nevent=login user=root", "a\r\nevent=stop", "a\u{85}b", "a\u{2028}event=ban", "a\u{2029}b", "a event=ban",
        "a\" event=ban x=\"", "a\\", "a\\\" event=ban", "\u{1B}[2Jcleared", "a\u{202E}nimda", "a\u{200B}b", "a\u{0}b",
        "a=b", "{\"event\":\"stop\"}", "\u{F0000}", "a\u{7F}",
    ]

    @Test(arguments: forgeries)
    func nothingIsForged(name: String) throws {
        let event = AuditEvent(.loginRefused).with("client", name).with("code", "0x87")
        let text = AuditFormat.text.line(event, time: nil)
        #expect(try Self.fields(text) == ["event": "login_refused", "client": name, "code": "0x87"])
        let json = AuditFormat.json.line(event, time: nil)
        let decoded = try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
        #expect(decoded == ["event": "login_refused", "client": name, "code": "0x87"])
        for line in [text, json] {
            #expect(
                line.unicodeScalars.allSatisfy { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse: false
                    default: true
                    }
                }
            )
        }
    }

    /// The fields of a line of text, read as its documentation says: blanks separate, a quoted value is a JSON string.
    private static func fields(_ line: String) throws -> [String: String] {
        var fields: [String: String] = [:]
        var rest = line[...]
        while !rest.isEmpty {
            let equals = try #require(rest.firstIndex(of: "="))
            let name = String(rest[..<equals])
            rest = rest[rest.index(after: equals)...]
            var end = rest.startIndex
            if rest.first == "\"" {
                var isEscaped = false
                repeat {
                    end = rest.index(after: end)
                    if isEscaped {
                        isEscaped = false
                    } else if rest[end] == "\\" {
                        isEscaped = true
                    } else if rest[end] == "\"" {
                        break
                    }
                } while true
                end = rest.index(after: end)
                fields[name] = try JSONDecoder().decode(String.self, from: Data(rest[..<end].utf8))
            } else {
                end = rest.firstIndex(of: " ") ?? rest.endIndex
                fields[name] = String(rest[..<end])
            }
            rest = rest[end...].dropFirst()
        }
        return fields
    }
}
