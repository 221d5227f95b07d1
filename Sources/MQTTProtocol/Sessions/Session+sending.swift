import MQTTWire

extension Session {
    /// What becomes of a message that arrives for the session.
    public enum DeliverAction: Sendable {
        /// Write it now.
        case send(Delivery)
        /// It waits; `nextToSend` will hand it out.
        case queued
        /// It is not delivered.
        case dropped(DropReason)
    }

    /// Why a message is not delivered.
    public enum DropReason: Hashable, Sendable {
        /// The queue is at its limit (`max_queued_messages`, `max_queued_bytes`).
        case queueFull
        /// QoS 0, and the client is away.
        case clientAway
        /// Larger than the client's maximum packet size [MQTT-3.1.2-24], [MQTT-3.1.2-25].
        case packetTooLarge
    }

    /// What is to be written next.
    public enum NextAction: Sendable {
        /// A PUBLISH.
        case publish(Delivery)
        /// A PUBREL that is sent again on a resumed session.
        case pubrel(packetIdentifier: UInt16)
        /// Nothing now.
        case none
    }

    /// A message has been published that matches the session's subscriptions.
    ///
    /// - Parameters:
    ///   - publication: The message.
    ///   - match: What the session's subscriptions ask for.
    public func deliver(_ publication: Publication, _ match: Match) -> DeliverAction {
        let delivery = Delivery(live: publication, to: match, isUpgraded: limits.isOutgoingQoSUpgraded)
        guard isAttached else {
            if delivery.qos == .atMostOnce, !limits.areQoS0MessagesQueued { return .dropped(.clientAway) }
            return enqueue(delivery)
        }
        guard isWithinPacketLimit(delivery) else { return .dropped(.packetTooLarge) }
        if delivery.qos == .atMostOnce { return .send(delivery) }
        guard !hasBacklog, liveRoom > 0 else { return enqueue(delivery) }
        return .send(takePlace(delivery, isRetained: false))
    }

    /// Hands out what is to be written next: first what a resumed session sends again, then what waits.
    ///
    /// Call it until it returns `none` after attaching and after each acknowledgement that finished a message.
    ///
    /// - Parameter unixSeconds: The time, in seconds since 1970; messages that ended while they waited are left out
    ///   [MQTT-3.3.2-5].
    public func nextToSend(at unixSeconds: UInt64) -> NextAction {
        guard isAttached else { return .none }
        if let resumed = nextResumed() { return resumed }
        guard !isResuming else { return .none }
        while let waiting = queue.first {
            let isDiscarded = waiting.publication.isExpired(at: unixSeconds) || !isWithinPacketLimit(waiting)
            guard isDiscarded || waiting.qos == .atMostOnce || liveRoom > 0 else { return .none }
            _ = queue.popFirst()
            queuedBytes -= waiting.publication.payloadBytes
            if isDiscarded { continue }
            return .publish(waiting.qos == .atMostOnce ? waiting : takePlace(waiting, isRetained: false))
        }
        return .none
    }

    // MARK: Retained messages

    /// How many retained messages of QoS 1 and 2 may be sent now.
    ///
    /// Retained messages never enter the queue: they are taken from the store as the client takes them, however many
    /// they are, and none is dropped. Where messages wait in the queue, they have half of the window.
    public var retainedRoom: Int {
        guard isAttached, !isResuming else { return 0 }
        return queue.isEmpty ? freePlaces : max(0, min(freePlaces, retainedShare - windowRetainedCount))
    }

    /// Takes a retained message for a new subscription.
    ///
    /// - Parameters:
    ///   - publication: The message.
    ///   - subscriber: The new subscription.
    /// - Returns: What to write; nil if the packet is larger than the client takes. At QoS 1 and 2 there must be room:
    ///   as many messages may be taken as `retainedRoom` said, even if the first of them already have the bytes that
    ///   `inflightBytesMax` allows.
    public func sendRetained(_ publication: Publication, _ subscriber: Subscriber) -> Delivery? {
        precondition(isAttached, "retained messages are sent to connected clients")
        let delivery = Delivery(
            retained: publication,
            to: subscriber,
            isUpgraded: limits.isOutgoingQoSUpgraded
        )
        guard isWithinPacketLimit(delivery) else { return nil }
        guard delivery.qos != .atMostOnce else { return delivery }
        precondition(windowUsedCount < windowCount, "no room for a retained message")
        return takePlace(delivery, isRetained: true)
    }

    // MARK: The window

    /// Whether something waits that a new message must not overtake.
    private var hasBacklog: Bool { isResuming || !queue.isEmpty }

    var isResuming: Bool { resumed < resuming.count }

    /// How many more messages of QoS 1 and 2 the connection takes.
    var freePlaces: Int {
        guard windowUsedCount < windowCount else { return 0 }
        if limits.inflightBytesMax > 0, windowUsedBytes >= limits.inflightBytesMax { return 0 }
        return windowCount - windowUsedCount
    }

    /// How many of them may be live messages.
    private var liveRoom: Int {
        guard isRetainedWaiting else { return freePlaces }
        let liveCount = windowUsedCount - windowRetainedCount
        return max(0, min(freePlaces, windowCount - retainedShare - liveCount))
    }

    /// How many places of the window retained messages have where both want them.
    private var retainedShare: Int { (windowCount + (isRetainedNext ? 1 : 0)) / 2 }

    private func takePlace(_ delivery: Delivery, isRetained: Bool) -> Delivery {
        var sent = delivery
        sent.packetIdentifier = takeIdentifier()
        inflight.insert(
            sent.packetIdentifier,
            InflightMessage(sent, sequence: nextSequence, isRetainedDelivery: isRetained)
        )
        nextSequence += 1
        windowUsedCount += 1
        if isRetained { windowRetainedCount += 1 }
        if (isRetained ? windowRetainedCount : windowUsedCount - windowRetainedCount) > windowCount / 2 {
            // It took the odd place; the next time that goes to the other.
            isRetainedNext = !isRetained
        }
        windowUsedBytes += sent.publication.payloadBytes
        return sent
    }

    private func takeIdentifier() -> UInt16 {
        // The window is smaller than the number of identifiers, so that one is free.
        while inflight.contains(nextIdentifier) { advanceIdentifier() }
        defer { advanceIdentifier() }
        return nextIdentifier
    }

    private func advanceIdentifier() {
        nextIdentifier = nextIdentifier == .max ? 1 : nextIdentifier + 1
    }

    private func enqueue(_ delivery: Delivery) -> DeliverAction {
        let isCountFull = limits.queuedCountMax > 0 && queue.count >= limits.queuedCountMax
        let isBytesFull = limits.queuedBytesMax > 0 && queuedBytes >= limits.queuedBytesMax
        if isCountFull || isBytesFull { return .dropped(.queueFull) }
        queue.append(delivery)
        queuedBytes += delivery.publication.payloadBytes
        return .queued
    }

    private func isWithinPacketLimit(_ delivery: Delivery) -> Bool {
        packetBytesMax == .max || delivery.packetBytes(version: version) <= packetBytesMax
    }

    // MARK: Resuming

    /// The next of the messages that are sent again, if the window has room for it.
    private func nextResumed() -> NextAction? {
        while isResuming {
            let identifier = resuming[resumed]
            // The client may have finished it in the meantime.
            guard let message = inflight[identifier] else {
                resumed += 1
                continue
            }
            guard var delivery = message.delivery else {
                resumed += 1
                occupyPlace(identifier, message)
                return .pubrel(packetIdentifier: identifier)
            }
            guard freePlaces > 0 else { return nil }
            resumed += 1
            occupyPlace(identifier, message)
            delivery.isDuplicate = true
            return .publish(delivery)
        }
        return nil
    }

    private func occupyPlace(_ identifier: UInt16, _ message: InflightMessage) {
        _ = inflight.update(identifier) { $0.isOnConnection = true }
        windowUsedCount += 1
        windowUsedBytes += message.delivery?.publication.payloadBytes ?? 0
        if message.isRetainedDelivery { windowRetainedCount += 1 }
    }
}
