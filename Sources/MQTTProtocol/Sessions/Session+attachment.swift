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
        let own = limits.inflightCountMax == 0 ? Int(UInt16.max) : limits.inflightCountMax
        window.open(
            version: version,
            placeCount: min(Int(receiveMaximum), own),
            earnedPlaceCountMax: min(Int(receiveMaximum), limits.inflightEarnedCountMax),
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

    /// The session ends: hands over what other members of its shared subscriptions may still get.
    ///
    /// - Returns: Each message with the shared subscription that it came through, as far as that can be told: of several
    ///   that match, the one with the same subscription identifier.
    public func endShared() -> [(publication: Publication, filter: TopicFilter)] {
        let shared = subscriptions.filter { $0.key.isShared }
        if shared.isEmpty { return [] }
        return window.takeShared().compactMap { delivery in
            let matching = delivery.publication.withTopic { topic in shared.filter { $0.key.matches(topic: topic) } }
            let same = matching.first { SubscriptionIdentifiers($0.value.identifier) == delivery.identifiers }
            return (same ?? matching.first).map { (delivery.publication, $0.key) }
        }
    }

    /// When a session that is detached now ends.
    ///
    /// - Parameter now: Monotonic milliseconds.
    /// - Returns: Monotonic milliseconds; nil for never.
    public func expiryDeadline(from now: UInt64) -> UInt64? {
        expirySeconds == .max ? nil : now + UInt64(expirySeconds) * 1_000
    }
}
