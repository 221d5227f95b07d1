import MQTTWire

/// What a session sends: what is under way and not finished, what waits, and how much the client takes.
///
/// One value and not many properties of `Session`: a property of a class is checked for exclusive access at run time
/// each time it is touched, this one once for a message.
///
/// ### Invariants
/// - At most `placeCount` messages occupy a place, except those that are resumed with a PUBREL, and `earnedCount` more that
///   are not bound to the window (`InflightMessage.isBound`).
/// - `resuming[resumed...]` are the messages that the last connection left and this one has not sent yet.
struct SendWindow: ~Copyable {
    /// The messages of QoS 1 and 2 that are under way.
    var inflight = PacketIdentifierTable<InflightMessage>()
    /// How many of them occupy a place on the present connection, how many of those are retained messages for a new
    /// subscription, and how many are bound to `placeCount`.
    private(set) var usedCount = 0
    private(set) var usedRetainedCount = 0
    private(set) var usedBoundCount = 0
    /// The payload bytes of those that occupy a place.
    private(set) var usedBytes = 0
    /// Whether there is a connection.
    private(set) var isOpen = false
    /// How many messages of QoS 1 and 2 it takes at once; 0 without a connection.
    private(set) var placeCount = 0
    /// How many places there are beyond `placeCount`, one for each PUBACK, and how many there may come to be.
    ///
    /// A client that answers gets as many as keep it and the broker busy; one that does not is never sent more than
    /// `placeCount`. They are for QoS 1 only, as of a message of QoS 2 a client keeps state until it is released; and not for
    /// shared subscriptions, where another member may be the quicker one.
    private(set) var earnedCount = 0
    private var earnedCountMax = 0
    /// The largest packet that it takes.
    private(set) var packetBytesMax = Int.max
    /// What the client speaks, or spoke last.
    private(set) var version = ProtocolVersion.v311

    private let usedBytesMax: Int
    private let areQoS0MessagesQueued: Bool

    var nextIdentifier: UInt16 = 1
    private var nextSequence: UInt64 = 0
    private var resuming: [UInt16] = []
    private var resumed = 0

    /// Messages that wait for a place, or for the client to come back.
    var queue: DeliveryQueue
    /// At which QoS retained messages have their share of the places (`Session.waitingRetainedQoS`).
    var waitingRetainedQoS = QoS.atMostOnce
    /// Whether the odd place, which cannot be shared, goes to a retained message next.
    private var isRetainedNext = false

    /// Where the session is written down, what numbers its records.
    var numbers: RecordNumbers?
    /// What has changed since it was written down last.
    var changes: [SessionChange] = []

    init(limits: ProtocolLimits) {
        usedBytesMax = limits.inflightBytesMax == 0 ? .max : limits.inflightBytesMax
        areQoS0MessagesQueued = limits.areQoS0MessagesQueued
        queue = DeliveryQueue(countMax: limits.queuedCountMax, bytesMax: limits.queuedBytesMax)
    }

    // MARK: Messages

    /// A message has arrived for the session.
    mutating func deliver(_ delivery: Delivery) -> Session.DeliverAction {
        guard isOpen else {
            if delivery.qos == .atMostOnce, !areQoS0MessagesQueued { return .dropped(.clientAway) }
            return enqueue(delivery)
        }
        guard isWithinPacketLimit(delivery) else {
            forget(delivery)
            return .dropped(.packetTooLarge)
        }
        let isOvertaking = isResuming || !queue.isEmpty
        if delivery.qos == .atMostOnce {
            // QoS 0 may overtake other messages (§4.6), but no value of a topic may overtake an older one that waits.
            return isOvertaking && delivery.publication.isRetained ? enqueue(delivery) : .send(delivery)
        }
        guard !isOvertaking, liveRoom(isBound: InflightMessage.isBound(delivery)) > 0 else { return enqueue(delivery) }
        return .send(take(delivery, isRetained: false))
    }

    /// What is to be written next.
    mutating func next(at unixSeconds: UInt64) -> Session.NextAction {
        guard isOpen else { return .none }
        if let resumed = nextResumed() { return resumed }
        guard !isResuming else { return .none }
        while !queue.isEmpty {
            let first = queue.first
            guard first.qos == .atMostOnce || liveRoom(isBound: InflightMessage.isBound(first)) > 0 else {
                return .none
            }
            guard let waiting = queue.popFirst() else { return .none }
            if waiting.publication.isExpired(at: unixSeconds) || !isWithinPacketLimit(waiting) {
                forget(waiting)
                continue
            }
            return .publish(waiting.qos == .atMostOnce ? waiting : take(waiting, isRetained: false))
        }
        return .none
    }

    /// A retained message is to be sent; at QoS 1 and 2 it was promised a place.
    mutating func sendRetained(_ delivery: Delivery) -> Delivery? {
        precondition(isOpen, "retained messages are sent to connected clients")
        guard isWithinPacketLimit(delivery) else { return nil }
        guard delivery.qos != .atMostOnce else { return delivery }
        precondition(usedCount < placeCount + earnedCount, "no room for a retained message")
        return take(delivery, isRetained: true)
    }

    private mutating func enqueue(_ delivery: Delivery) -> Session.DeliverAction {
        if queue.isFull {
            forget(delivery)
            return .dropped(.queueFull)
        }
        queue.append(numbers == nil ? delivery : record(delivery))
        return .queued
    }

    private func isWithinPacketLimit(_ delivery: Delivery) -> Bool {
        packetBytesMax == .max || delivery.packetBytes(version: version) <= packetBytesMax
    }

    // MARK: Places

    /// How many places there are at present: what was earned counts as long as what is under way is small.
    private var placeCountNow: Int {
        guard usedBytes < usedBytesMax else { return 0 }
        return usedBytes < Self.earningBytesMax ? placeCount + earnedCount : placeCount
    }

    /// How many more messages of QoS 1 and 2 the connection takes.
    ///
    /// - Parameter isBound: Whether they are bound to `placeCount`.
    private func freeCount(isBound: Bool) -> Int {
        let free = placeCountNow - usedCount
        return max(0, isBound ? min(free, placeCount - usedBoundCount) : free)
    }

    /// Payload bytes under way at which no earned place is taken: a few round trips' worth on a fast network, and little
    /// memory for a client.
    private static let earningBytesMax = 1 << 20

    private var isResuming: Bool { resumed < resuming.count }

    /// How many messages will have left the queue when everything that waits in it now has.
    var queueEnd: UInt64 { queue.takenCount + UInt64(queue.count) }

    /// Whether everything that waited when `queueEnd` was `end`, or was under way before the connection, has been sent.
    ///
    /// Where messages were withdrawn meanwhile, it may take some that came later, but never more than there are.
    func hasSent(upTo end: UInt64) -> Bool { !isResuming && (queue.isEmpty || queue.takenCount >= end) }

    /// How many of the free places live messages may take.
    private func liveRoom(isBound: Bool) -> Int {
        let free = freeCount(isBound: isBound)
        guard waitingRetainedQoS != .atMostOnce else { return free }
        return max(0, min(free, placeCountNow - retainedShare - (usedCount - usedRetainedCount)))
    }

    /// How many of the free places retained messages may take.
    var retainedRoom: Int {
        guard isOpen, !isResuming else { return 0 }
        let free = freeCount(isBound: waitingRetainedQoS == .exactlyOnce)
        return queue.isEmpty ? free : max(0, min(free, retainedShare - usedRetainedCount))
    }

    /// How many places retained messages have where both want them.
    private var retainedShare: Int { (placeCountNow + (isRetainedNext ? 1 : 0)) / 2 }

    /// Gives a message an identifier and a place.
    private mutating func take(_ delivery: Delivery, isRetained: Bool) -> Delivery {
        var sent = numbers == nil ? delivery : record(delivery)
        sent.packetIdentifier = takeIdentifier()
        let message = InflightMessage(sent, sequence: nextSequence, isRetainedDelivery: isRetained)
        occupy(message)
        if (isRetained ? usedRetainedCount : usedCount - usedRetainedCount) > placeCountNow / 2 {
            // It took the odd place; the next time that goes to the other.
            isRetainedNext = !isRetained
        }
        inflight.insert(sent.packetIdentifier, message)
        if numbers != nil {
            changes.append(
                .sent(
                    packetIdentifier: sent.packetIdentifier,
                    recordNumber: sent.recordNumber,
                    sequence: nextSequence
                )
            )
        }
        nextSequence += 1
        return sent
    }

    /// Has a message written down that nothing has been written down of.
    private mutating func record(_ delivery: Delivery) -> Delivery {
        let (delivery, isNew) = numbered(delivery)
        if isNew { changes.append(.stored(delivery)) }
        return delivery
    }

    private mutating func occupy(_ message: InflightMessage) {
        usedCount += 1
        usedBytes += message.payloadBytes
        if message.isRetainedDelivery { usedRetainedCount += 1 }
        if message.isBound { usedBoundCount += 1 }
    }

    private mutating func takeIdentifier() -> UInt16 {
        // There are fewer places than identifiers, or as many; so one is free.
        while inflight.contains(nextIdentifier) { advanceIdentifier() }
        defer { advanceIdentifier() }
        return nextIdentifier
    }

    private mutating func advanceIdentifier() {
        nextIdentifier = nextIdentifier == .max ? 1 : nextIdentifier + 1
    }

    // MARK: Acknowledgements

    /// PUBACK or PUBCOMP has arrived.
    mutating func complete(_ identifier: UInt16, at stage: InflightMessage.Stage) -> Session.CompletionAction {
        guard let slot = inflight.slot(of: identifier) else { return .unknown }
        guard inflight[slot: slot].stage == stage else { return .protocolError }
        finish(slot: slot, identifier)
        if stage == .awaitingPuback, earnedCount < earnedCountMax { earnedCount += 1 }
        return .completed
    }

    /// PUBREC has arrived.
    mutating func receive(_ identifier: UInt16, _ reasonCode: ReasonCode) -> Session.PubrecAction {
        guard let slot = inflight.slot(of: identifier) else { return .sendPubrel(.packetIdentifierNotFound) }
        switch inflight[slot: slot].stage {
        case .awaitingPuback:
            return .protocolError
        case .awaitingPubrec where reasonCode.isError:
            finish(slot: slot, identifier)
            return .completed
        case .awaitingPubrec:
            if inflight[slot: slot].isOnConnection { usedBytes -= inflight[slot: slot].payloadBytes }
            if numbers != nil {
                changes.append(.released(packetIdentifier: identifier, sequence: inflight[slot: slot].sequence))
                if let delivery = inflight[slot: slot].delivery { forget(delivery) }
            }
            inflight[slot: slot].received()
            return .sendPubrel(.success)
        case .awaitingPubcomp:
            return .sendPubrel(.success)
        }
    }

    mutating func finish(slot: Int, _ identifier: UInt16) {
        let message = inflight.remove(slot: slot)
        if numbers != nil {
            changes.append(.finished(packetIdentifier: identifier))
            if let delivery = message.delivery { forget(delivery) }
        }
        guard message.isOnConnection else { return }
        usedCount -= 1
        usedBytes -= message.payloadBytes
        if message.isRetainedDelivery { usedRetainedCount -= 1 }
        if message.isBound { usedBoundCount -= 1 }
    }

    // MARK: The end

    /// Takes out what belongs to shared subscriptions and may still go to another member: what waits, and what was sent
    /// at QoS 1 and not acknowledged. What was begun at QoS 2 goes to nobody else [MQTT-4.8.2-5].
    mutating func takeShared() -> [Delivery] {
        var sent: [(sequence: UInt64, delivery: Delivery)] = []
        inflight.forEach { _, message in
            guard message.stage == .awaitingPuback, let delivery = message.delivery, delivery.isShared else { return }
            sent.append((message.sequence, delivery))
        }
        var deliveries = sent.sorted { $0.sequence < $1.sequence }.map(\.delivery)
        while let waiting = queue.popFirst() {
            if waiting.isShared { deliveries.append(waiting) }
        }
        return deliveries
    }

    // MARK: Connections

    /// A connection begins: everything that is under way is to be sent again on it.
    mutating func open(version: ProtocolVersion, placeCount: Int, earnedPlaceCountMax: Int, packetBytesMax: Int) {
        isOpen = true
        self.version = version
        self.placeCount = placeCount
        earnedCount = 0
        earnedCountMax = max(0, earnedPlaceCountMax - placeCount)
        self.packetBytesMax = packetBytesMax
        usedCount = 0
        usedRetainedCount = 0
        usedBoundCount = 0
        usedBytes = 0
        waitingRetainedQoS = .atMostOnce
        isRetainedNext = false
        resumed = 0
        var order: [(sequence: UInt64, identifier: UInt16)] = []
        inflight.forEach { identifier, message in
            message.isOnConnection = false
            order.append((message.sequence, identifier))
        }
        order.sort { $0.sequence < $1.sequence }
        resuming = order.map(\.identifier)
    }

    /// Identifiers and sequence numbers go on behind those that were given before the broker ended.
    mutating func noteRestored(_ identifier: UInt16, sequence: UInt64) {
        guard sequence >= nextSequence else { return }
        nextSequence = sequence + 1
        nextIdentifier = identifier
        advanceIdentifier()
    }

    /// The connection is gone.
    mutating func close() {
        isOpen = false
        placeCount = 0
        waitingRetainedQoS = .atMostOnce
        resuming = []
        resumed = 0
    }

    /// The next of the messages that are sent again, if there is a place for it.
    private mutating func nextResumed() -> Session.NextAction? {
        while isResuming {
            let identifier = resuming[resumed]
            guard let slot = inflight.slot(of: identifier) else {
                // The client has finished it in the meantime.
                resumed += 1
                continue
            }
            var delivery = inflight[slot: slot].delivery
            // A PUBREL goes out whatever the window says (§4.9).
            guard delivery == nil || freeCount(isBound: inflight[slot: slot].isBound) > 0 else { return nil }
            resumed += 1
            inflight[slot: slot].isOnConnection = true
            occupy(inflight[slot: slot])
            delivery?.isDuplicate = true
            return delivery.map { .publish($0) } ?? .pubrel(packetIdentifier: identifier)
        }
        return nil
    }
}
