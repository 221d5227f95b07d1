@testable import RetainedStore

/// A retained message whose parts own their bytes.
struct Message: Equatable {
    var topic: [UInt8] = Array("a/b".utf8)
    var clientID: [UInt8] = Array("client".utf8)
    var userName: [UInt8] = Array("user".utf8)
    var properties: [UInt8] = []
    var payload: [UInt8] = []
    var qos: UInt8 = 1
    var listenerPort: UInt16 = 1883
    var publishTimeMilliseconds: UInt64 = 1_700_000_000_123
    var expiryTimeSeconds: UInt64 = 0

    init() {}

    init(_ parts: MessageParts) {
        topic = Array(parts.topic)
        clientID = Array(parts.clientID)
        userName = Array(parts.userName)
        properties = Array(parts.properties)
        payload = Array(parts.payload)
        qos = parts.qos
        listenerPort = parts.listenerPort
        publishTimeMilliseconds = parts.publishTimeMilliseconds
        expiryTimeSeconds = parts.expiryTimeSeconds
    }

    /// A message of random lengths and bytes.
    static func random(using random: inout SeededGenerator) -> Message {
        var message = Message()
        message.topic = random.bytes(Int.random(in: 1...100, using: &random))
        message.clientID = random.bytes(Int.random(in: 0...40, using: &random))
        message.userName = random.bytes(Int.random(in: 0...40, using: &random))
        message.properties = random.bytes(Int.random(in: 0...60, using: &random))
        message.payload = random.bytes(Int.random(in: 0...600, using: &random))
        message.qos = UInt8.random(in: 0...2, using: &random)
        message.listenerPort = .random(in: .min ... .max, using: &random)
        message.publishTimeMilliseconds = random.next()
        message.expiryTimeSeconds = random.next()
        return message
    }

    func withParts<Result>(_ body: (MessageParts) throws -> Result) rethrows -> Result {
        try topic.withUnsafeBytes { topic in
            try clientID.withUnsafeBytes { clientID in
                try userName.withUnsafeBytes { userName in
                    try properties.withUnsafeBytes { properties in
                        try payload.withUnsafeBytes { payload in
                            try body(
                                MessageParts(
                                    topic: topic,
                                    clientID: clientID,
                                    userName: userName,
                                    properties: properties,
                                    payload: payload,
                                    qos: qos,
                                    listenerPort: listenerPort,
                                    publishTimeMilliseconds: publishTimeMilliseconds,
                                    expiryTimeSeconds: expiryTimeSeconds
                                )
                            )
                        }
                    }
                }
            }
        }
    }

    /// The plaintext that Format.md describes, written down once more.
    var plaintext: [UInt8] {
        func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
        return [1, qos] + bytes(UInt16(topic.count)) + bytes(UInt16(clientID.count)) + bytes(UInt16(userName.count))
            + bytes(listenerPort) + [0, 0] + bytes(UInt32(properties.count)) + bytes(UInt32(payload.count)) + [
                0, 0, 0, 0,
            ]
            + bytes(publishTimeMilliseconds) + bytes(expiryTimeSeconds)
            + topic + clientID + userName + properties + payload
    }
}
