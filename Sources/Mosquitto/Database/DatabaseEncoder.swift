/// The pieces of a mosquitto.db of version 6, as mosquitto 2.0 and 2.1 load it.
///
/// A file is ``header(lastStoreID:)``, then a ``baseMessage(_:storeID:)`` for each message, then a ``retain(storeID:)`` for each.
public enum DatabaseEncoder {
    private static let version: UInt32 = 6

    /// The magic, the version, and the configuration chunk of a broker that was closed cleanly.
    ///
    /// - Parameter lastStoreID: The greatest store id of the file: mosquitto numbers what comes next behind it.
    public static func header(lastStoreID: UInt64) -> [UInt8] {
        var body = little(lastStoreID)
        // Closed cleanly; store ids of 8 bytes; padding.
        body += [1, 8, 0, 0, 0, 0, 0, 0]
        return MosquittoDatabase.magic + big(UInt32(0)) + big(version) + chunk(.configuration, body)
    }

    /// A message.
    ///
    /// - Precondition: Topic, client identifier and user name have at most 65,535 bytes, as MQTT's strings do.
    public static func baseMessage(_ message: RetainedMessage, storeID: UInt64) -> [UInt8] {
        var body = little(storeID) + little(Int64(clamping: message.expirySeconds))
        body += big(UInt32(message.payload.count)) + big(UInt16(0))
        body += big(UInt16(message.clientID.count)) + big(UInt16(message.userName.count))
        body += big(UInt16(message.topic.count)) + big(message.listenerPort)
        body += [message.qos, 1]
        body += message.clientID + message.userName + message.topic + message.payload
        if !message.properties.isEmpty {
            body += variableByteInteger(message.properties.count) + message.properties
        }
        return chunk(.baseMessage, body)
    }

    /// The mark that makes a message the retained one of its topic.
    public static func retain(storeID: UInt64) -> [UInt8] {
        chunk(.retain, little(storeID))
    }

    private static func chunk(_ type: ChunkType, _ body: [UInt8]) -> [UInt8] {
        big(type.rawValue) + big(UInt32(body.count)) + body
    }

    private static func variableByteInteger(_ value: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        repeat {
            let group = UInt8(rest & 0x7F)
            rest >>= 7
            bytes.append(rest > 0 ? group | 0x80 : group)
        } while rest > 0
        return bytes
    }

    private static func big(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
