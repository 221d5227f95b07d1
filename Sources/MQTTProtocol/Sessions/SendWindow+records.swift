import MQTTWire

/// What a window says of a session that is written down; without one, all of this costs one look.
extension SendWindow {
    /// A message is not delivered, or done with.
    mutating func forget(_ delivery: Delivery) {
        guard numbers != nil, delivery.recordNumber != 0 else { return }
        changes.append(.removed(recordNumber: delivery.recordNumber, delivery.publication))
    }

    /// The message with a record number of its own, if it needs one and has none.
    func numbered(_ delivery: Delivery) -> (delivery: Delivery, isNew: Bool) {
        guard let numbers, delivery.recordNumber == 0, delivery.qos != .atMostOnce else { return (delivery, false) }
        var numbered = delivery
        numbered.recordNumber = numbers.next()
        return (numbered, true)
    }

    var hasChanges: Bool { !changes.isEmpty }

    mutating func takeChanges() -> [SessionChange] {
        guard !changes.isEmpty else { return [] }
        defer { changes = [] }
        return changes
    }

    /// Calls `body` with what removes each record that there is.
    func forEachRecorded(_ body: (SessionChange) -> Void) {
        inflight.forEach { identifier, message in
            body(.finished(packetIdentifier: identifier))
            guard let delivery = message.delivery, delivery.recordNumber != 0 else { return }
            body(.removed(recordNumber: delivery.recordNumber, delivery.publication))
        }
        queue.forEach { delivery in
            guard delivery.recordNumber != 0 else { return }
            body(.removed(recordNumber: delivery.recordNumber, delivery.publication))
        }
    }

    /// Puts back what was under way when the broker ended.
    mutating func restore(_ identifier: UInt16, _ delivery: Delivery?, sequence: UInt64) {
        guard identifier != 0, !inflight.contains(identifier) else { return }
        var message: InflightMessage
        if var delivery {
            delivery.packetIdentifier = identifier
            message = InflightMessage(delivery, sequence: sequence, isRetainedDelivery: false)
        } else {
            message = InflightMessage(releasedWith: sequence)
        }
        message.isOnConnection = false
        inflight.insert(identifier, message)
        noteRestored(identifier, sequence: sequence)
    }
}
