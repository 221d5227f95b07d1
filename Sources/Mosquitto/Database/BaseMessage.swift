/// A message of a mosquitto.db: where its fields lie, nothing copied.
///
/// Versions 5 and 6: store id (u64), expiry time (i64), payload bytes (u32), source message id (u16), source id bytes (u16),
/// source user name bytes (u16), topic bytes (u16), source port (u16), QoS (u8), retain (u8), then source id ‖ user name ‖
/// topic ‖ payload ‖ the rest: MQTT 5.0 properties with their length. The first two are in the host's order, in practice
/// little endian, the others big endian.
///
/// Versions 2 to 4: store id (u64, host's order), source id, in version 4 user name and port (u16), message id (u16), a
/// number that means nothing (u16), topic, QoS (u8), retain (u8), payload bytes (u32), payload; strings with their length
/// in front (u16).
struct BaseMessage {
    let storeID: UInt64
    let expirySeconds: UInt64
    let qos: UInt8
    let isRetained: Bool
    let listenerPort: UInt16
    let clientID: Range<Int>
    let userName: Range<Int>
    let topic: Range<Int>
    let payload: Range<Int>
    /// Properties with their length in front; empty if there are none.
    let propertySection: Range<Int>

    /// The message in a chunk; `nil` if its lengths do not fit into the chunk.
    init?(_ bytes: UnsafeRawBufferPointer, _ chunk: DatabaseChunk, version: UInt32) {
        var cursor = ByteCursor(bytes, from: chunk.body.lowerBound, to: chunk.body.upperBound)
        func range(_ count: Int?) -> Range<Int>? {
            guard let count else { return nil }
            let start = cursor.offset
            return cursor.skip(count) ? start..<start + count : nil
        }
        guard let storeID = cursor.littleEndian(UInt64.self) else { return nil }
        self.storeID = storeID
        if version < 5 {
            guard let clientID = range(cursor.bigEndian(UInt16.self).map(Int.init)) else { return nil }
            self.clientID = clientID
            if version == 4 {
                guard let userName = range(cursor.bigEndian(UInt16.self).map(Int.init)),
                    let port = cursor.bigEndian(UInt16.self)
                else { return nil }
                self.userName = userName
                listenerPort = port
            } else {
                userName = clientID.upperBound..<clientID.upperBound
                listenerPort = 0
            }
            guard cursor.skip(4), let topic = range(cursor.bigEndian(UInt16.self).map(Int.init)),
                let qos = cursor.bigEndian(UInt8.self), let retain = cursor.bigEndian(UInt8.self),
                let payload = range(cursor.bigEndian(UInt32.self).map(Int.init))
            else { return nil }
            self.topic = topic
            self.qos = qos
            isRetained = retain != 0
            self.payload = payload
            expirySeconds = 0
            propertySection = payload.upperBound..<payload.upperBound
        } else {
            guard let expiry = cursor.littleEndian(Int64.self), let payloadBytes = cursor.bigEndian(UInt32.self),
                cursor.skip(2), let clientIDBytes = cursor.bigEndian(UInt16.self),
                let userNameBytes = cursor.bigEndian(UInt16.self), let topicBytes = cursor.bigEndian(UInt16.self),
                let port = cursor.bigEndian(UInt16.self), let qos = cursor.bigEndian(UInt8.self),
                let retain = cursor.bigEndian(UInt8.self), let clientID = range(Int(clientIDBytes)),
                let userName = range(Int(userNameBytes)), let topic = range(Int(topicBytes)),
                let payload = range(Int(payloadBytes))
            else { return nil }
            expirySeconds = UInt64(clamping: expiry)
            listenerPort = port
            self.qos = qos
            isRetained = retain != 0
            self.clientID = clientID
            self.userName = userName
            self.topic = topic
            self.payload = payload
            propertySection = payload.upperBound..<cursor.end
        }
    }

    /// The message as a value of its own; `nil` if the length in front of its properties is not theirs.
    func message(in bytes: UnsafeRawBufferPointer) -> RetainedMessage? {
        var properties: [UInt8] = []
        if !propertySection.isEmpty {
            var cursor = ByteCursor(bytes, from: propertySection.lowerBound, to: propertySection.upperBound)
            var count = 0
            var shift = 0
            while true {
                guard shift <= 21, let byte = cursor.bigEndian(UInt8.self) else { return nil }
                count |= Int(byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            guard let taken = cursor.take(count) else { return nil }
            properties = taken
        }
        return RetainedMessage(
            topic: Array(bytes[topic]),
            payload: Array(bytes[payload]),
            properties: properties,
            qos: qos,
            expirySeconds: expirySeconds,
            clientID: Array(bytes[clientID]),
            userName: Array(bytes[userName]),
            listenerPort: listenerPort
        )
    }
}
