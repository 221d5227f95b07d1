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
    /// Whether something of it is in the journal, for which the acknowledgement waits: it is retained, it waits for a session that
    /// outlives the broker, or it is of QoS 2 and its publisher's session does.
    var isStored: Bool
    /// Whether its namespace, user or address has no room for it, so that it goes to nobody.
    var isOverQuota = false
    /// Whether the store did not take it, so that it went to nobody.
    var isRefused = false
    /// How many sessions it matched; known after the commit.
    var matchCount = 0

    init(
        topic: UnsafeRawBufferPointer,
        payload: UnsafeRawBufferPointer,
        properties: UnsafeRawBufferPointer,
        qos: QoS,
        isRetained: Bool,
        expirySeconds: UInt64,
        acknowledgement: Acknowledgement?
    ) {
        self.topic = topic
        self.payload = payload
        self.properties = properties
        self.qos = qos
        self.isRetained = isRetained
        self.expirySeconds = expirySeconds
        self.acknowledgement = acknowledgement
        isStored = isRetained
    }
}
