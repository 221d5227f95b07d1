import MQTTProtocol
import Mosquitto

/// The rules of an aclfile with these lines.
func rules(_ lines: String...) throws -> AccessRules {
    try AccessControlFile.parse(Array(lines.joined(separator: "\n").utf8), name: "aclfile").rules
}
