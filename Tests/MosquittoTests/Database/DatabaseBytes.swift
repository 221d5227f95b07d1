@testable import Mosquitto

/// The bytes of a mosquitto.db, put together chunk by chunk as mosquitto's versions wrote them.
struct DatabaseBytes {
    let version: UInt32
    private(set) var bytes: [UInt8]

    init(version: UInt32) {
        self.version = version
        bytes = MosquittoDatabase.magic + [0, 0, 0, 0] + Self.big(version)
    }

    mutating func chunk(_ type: UInt32, _ body: [UInt8]) {
        bytes += version < 5 ? Self.big(UInt16(type)) : Self.big(type)
        bytes += Self.big(UInt32(body.count)) + body
    }

    mutating func message(
        _ storeID: UInt64,
        _ topic: String,
        _ payload: String,
        qos: UInt8 = 0,
        isRetained: Bool = true,
        expiry: Int64 = 0,
        properties: [UInt8] = []
    ) {
        let (topic, payload) = (Array(topic.utf8), Array(payload.utf8))
        let (client, user) = (Array("client".utf8), Array("user".utf8))
        if version < 5 {
            var body = Self.little(storeID) + Self.big(UInt16(client.count)) + client
            if version == 4 { body += Self.big(UInt16(user.count)) + user + Self.big(UInt16(1883)) }
            body += [0, 7, 0, 0] + Self.big(UInt16(topic.count)) + topic + [qos, isRetained ? 1 : 0]
            chunk(2, body + Self.big(UInt32(payload.count)) + payload)
        } else {
            var body = Self.little(storeID) + Self.little(expiry) + Self.big(UInt32(payload.count)) + [0, 7]
            body += Self.big(UInt16(client.count)) + Self.big(UInt16(user.count)) + Self.big(UInt16(topic.count))
            body += Self.big(UInt16(1883)) + [qos, isRetained ? 1 : 0] + client + user + topic + payload
            if !properties.isEmpty { body += [UInt8(properties.count)] + properties }
            chunk(2, body)
        }
    }

    mutating func retain(_ storeID: UInt64) {
        chunk(4, Self.little(storeID))
    }

    static func big(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    static func little(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
