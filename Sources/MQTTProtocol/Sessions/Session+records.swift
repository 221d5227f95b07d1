public import MQTTWire

extension Session {
    /// Whether the session is written down, so that it outlives the broker.
    public var isRecorded: Bool { window.numbers != nil }

    /// From now on, every change is to be written down.
    ///
    /// - Parameter numbers: the broker's.
    public func beginRecording(_ numbers: RecordNumbers) {
        window.numbers = numbers
    }

    /// Nothing is written down any more; what has been, is to be removed by the changes that this returns.
    public func endRecording() -> [SessionChange] {
        guard window.numbers != nil else { return [] }
        var changes = window.takeChanges()
        unreleased.forEach { identifier, _ in changes.append(.received(packetIdentifier: identifier)) }
        window.forEachRecorded { changes.append($0) }
        window.numbers = nil
        return changes
    }

    /// Whether something is to be written down.
    public var hasChanges: Bool { window.hasChanges }

    /// Hands over what is to be written down.
    public func takeChanges() -> [SessionChange] { window.takeChanges() }

    // MARK: What was written down

    /// Restores how long the session outlives its connection.
    public func restoreExpiry(_ seconds: UInt32) {
        expirySeconds = seconds
    }

    /// Restores a subscription.
    public func restore(_ filter: TopicFilter, _ subscriber: Subscriber) {
        subscriptions[filter] = subscriber
    }

    /// Restores what was under way to the client: in the order of their sequence numbers, before what waits.
    ///
    /// - Parameters:
    ///   - delivery: the message; nil if the client has received it and has yet to be told that it is released.
    ///   - sequence: as it was written down.
    public func restoreOutgoing(_ packetIdentifier: UInt16, _ delivery: Delivery?, sequence: UInt64) {
        window.restore(packetIdentifier, delivery, sequence: sequence)
    }

    /// Restores a message that waits, behind those that were restored before it, whatever the queue's limits are.
    public func restoreWaiting(_ delivery: Delivery) {
        window.queue.append(delivery)
    }

    /// Restores the identifier of a message of QoS 2 that the client has not released.
    public func restoreIncoming(_ packetIdentifier: UInt16) {
        guard packetIdentifier != 0, !unreleased.contains(packetIdentifier) else { return }
        unreleased.insert(packetIdentifier, 0)
    }
}
