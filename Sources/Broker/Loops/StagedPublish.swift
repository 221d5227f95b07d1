import MQTTWire

/// A publication between its decoding and the commit of its read batch: pointers into the read buffer, no copies.
///
/// Valid until the read buffer's bytes are given up, which is after the commit.
struct StagedPublish {
    let topic: UnsafeRawBufferPointer
    let payload: UnsafeRawBufferPointer
    /// Encoded as on the wire, without a length.
    let properties: UnsafeRawBufferPointer
    let qos: QoS
    let isRetained: Bool
    /// Seconds since 1970; 0: never.
    let expirySeconds: UInt64
    /// What is owed to the publisher, `nil` at QoS 0.
    let acknowledgement: Acknowledgement?
    /// How many sessions it matched; known after the commit.
    var matchCount = 0
}
