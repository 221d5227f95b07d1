import MQTTWire

/// The fixed part of a publication. Trivial.
struct PublicationFields {
    var expiryUnixSeconds: UInt64
    var retainedVersion: UInt64
    var payloadBytes: UInt32
    var propertiesBytes: UInt32
    var topicBytes: UInt16
    var clientIDBytes: UInt16
    var userNameBytes: UInt16
    var listenerPort: UInt16
    var qos: QoS
    var isRetained: Bool
    var hasUserName: Bool

    var totalBytes: Int {
        Int(topicBytes) + Int(propertiesBytes) + Int(payloadBytes) + Int(clientIDBytes) + Int(userNameBytes)
    }
}
