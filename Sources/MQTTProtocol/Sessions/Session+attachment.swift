public import MQTTWire

extension Session {
    /// A connection takes the session over.
    ///
    /// Afterwards `nextToSend` hands out what the last connection left unfinished, then what waits.
    ///
    /// - Parameters:
    ///   - version: What the client speaks now.
    ///   - receiveMaximum: How many messages of QoS 1 and 2 the client takes at once (§3.1.2.11.3); 65,535 below 5.0.
    ///   - packetBytesMax: The largest packet that the client takes (§3.1.2.11.4); nil for no limit.
    ///   - expirySeconds: How long the session outlives this connection.
    public func attach(
        version: ProtocolVersion,
        receiveMaximum: UInt16 = .max,
        packetBytesMax: UInt32? = nil,
        expirySeconds: UInt32
    ) {
        precondition(!isAttached, "a session has one connection")
        self.expirySeconds = expirySeconds
        let own = limits.inflightCountMax == 0 ? Int(UInt16.max) : min(limits.inflightCountMax, Int(UInt16.max))
        window.open(
            version: version,
            placeCount: min(Int(receiveMaximum), own),
            packetBytesMax: packetBytesMax.map { Int($0) } ?? .max
        )
    }

    /// The connection is gone, or another one takes the session over.
    ///
    /// - Parameter expirySeconds: What DISCONNECT changed the session's expiry to (§3.14.2.2.2), else nil.
    /// - Returns: Whether the session ends with the connection.
    @discardableResult
    public func detach(expirySeconds: UInt32? = nil) -> Bool {
        precondition(isAttached, "the session has no connection")
        if let expirySeconds { self.expirySeconds = expirySeconds }
        window.close()
        return self.expirySeconds == 0
    }

    /// When a session that is detached now ends.
    ///
    /// - Parameter now: Monotonic milliseconds.
    /// - Returns: Monotonic milliseconds; nil for never.
    public func expiryDeadline(from now: UInt64) -> UInt64? {
        expirySeconds == .max ? nil : now + UInt64(expirySeconds) * 1_000
    }
}
