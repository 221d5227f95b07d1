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
        /// The queue is at its limit (`max_queued_messages`, `max_queued_bytes`), or at that of all that share its
        /// ``QueueAllowance``.
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
    ///   - recordNumber: Under which number it was written down for this session; 0: it was not.
    public func deliver(_ publication: Publication, _ match: Match, recordNumber: UInt64 = 0) -> DeliverAction {
        window.deliver(
            Delivery(
                live: publication,
                to: match,
                isUpgraded: limits.isOutgoingQoSUpgraded,
                recordNumber: recordNumber
            )
        )
    }

    /// A message that was written down for the session is not for it after all.
    public func decline(_ publication: Publication, recordNumber: UInt64) {
        guard isRecorded, recordNumber != 0 else { return }
        window.changes.append(.removed(recordNumber: recordNumber, publication))
    }

    /// Hands out what is to be written next: first what a resumed session sends again, then what waits.
    ///
    /// Call it until it returns `none` after attaching and after each acknowledgement that finished a message.
    ///
    /// - Parameter unixSeconds: The time, in seconds since 1970; messages that ended while they waited are left out
    ///   [MQTT-3.3.2-5].
    public func nextToSend(at unixSeconds: UInt64) -> NextAction {
        window.next(at: unixSeconds)
    }

    /// Drops what waits for the client, or would be sent to it again, and what it may not read any more (S4).
    ///
    /// - Parameter isRefused: whether a message must not reach the client; not called for what this connection was sent already.
    public func withdraw(where isRefused: (Publication) -> Bool) {
        window.withdraw(where: isRefused)
    }

    // MARK: Retained messages

    /// Where the queue ends now: what `hasSent(upTo:)` is to be asked with, before the first retained message of a new
    /// subscription is sent.
    ///
    /// What waits may be older values of the topics that the subscription is about to be given the newest ones of (R1).
    public var queueEnd: UInt64 { window.queueEnd }

    /// Whether everything has been sent that waited, or was to be sent again, when the queue ended there.
    ///
    /// - Parameter end: A `queueEnd` of before.
    public func hasSent(upTo end: UInt64) -> Bool { window.hasSent(upTo: end) }

    /// How many messages of QoS 1 and 2 the client takes at once now; 0 while it is away.
    public var windowCount: Int { window.placeCount + window.earnedCount }

    /// How many retained messages of QoS 1 and 2 may be sent now.
    ///
    /// Retained messages never enter the queue: they are taken from the store as the client takes them, however many
    /// they are, and none is dropped. Where messages wait in the queue, they have half of the window.
    public var retainedRoom: Int { window.retainedRoom }

    /// Takes a retained message for a new subscription.
    ///
    /// - Parameters:
    ///   - publication: The message.
    ///   - subscriber: The new subscription.
    /// - Returns: What to write; nil if the packet is larger than the client takes. At QoS 1 and 2 there must be room:
    ///   as many messages may be taken as `retainedRoom` said, even if the first of them already have the bytes that
    ///   `inflightBytesMax` allows.
    public func sendRetained(_ publication: Publication, _ subscriber: Subscriber) -> Delivery? {
        window.sendRetained(
            Delivery(retained: publication, to: subscriber, isUpgraded: limits.isOutgoingQoSUpgraded)
        )
    }
}
