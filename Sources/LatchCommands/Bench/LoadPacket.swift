/// The packets of MQTT 3.1.1 and 5.0 that a load sends, apart from the PUBLISH of its measured messages.
///
/// Written here a second time, not taken from the broker's codec: a mistake that both sides share would not be seen.
enum LoadPacket {
    static let pingRequest: [UInt8] = [0xC0, 0]
    static let disconnect: [UInt8] = [0xE0, 0]

    /// CONNECT, clean session, keep alive off (3.1).
    static func connect(
        version: LoadVersion,
        clientIdentifier: String,
        username: String?,
        password: String?
    ) -> [UInt8] {
        var flags: UInt8 = 0x02
        var payload = string(clientIdentifier)
        if let username {
            flags |= 0x80
            payload += string(username)
            if let password {
                flags |= 0x40
                payload += string(password)
            }
        }
        let body = string("MQTT") + [version.protocolLevel, flags, 0, 0] + version.noProperties + payload
        return [0x10] + remainingLength(body.count) + body
    }

    /// PUBLISH of a retained message with QoS 1 (3.3).
    static func publish(topic: String, identifier: UInt16, payload: [UInt8]) -> [UInt8] {
        let body = string(topic) + bigEndian(identifier) + payload
        return [0x33] + remainingLength(body.count) + body
    }

    /// SUBSCRIBE to one filter (3.8).
    static func subscribe(version: LoadVersion, identifier: UInt16, filter: String, qos: UInt8) -> [UInt8] {
        let body = bigEndian(identifier) + version.noProperties + string(filter) + [qos]
        return [0x82] + remainingLength(body.count) + body
    }

    /// A UTF-8 string with its length in front (1.5.3).
    static func string(_ text: String) -> [UInt8] {
        bigEndian(UInt16(text.utf8.count)) + Array(text.utf8)
    }

    static func bigEndian(_ value: UInt16) -> [UInt8] {
        [UInt8(value >> 8), UInt8(value & 0xFF)]
    }

    /// The remaining length in seven-bit groups (2.2.3).
    static func remainingLength(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = count
        repeat {
            let group = UInt8(rest & 0x7F)
            rest >>= 7
            bytes.append(rest > 0 ? group | 0x80 : group)
        } while rest > 0
        return bytes
    }
}
