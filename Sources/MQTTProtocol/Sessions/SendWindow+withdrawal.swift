extension SendWindow {
    /// Drops the messages that were not sent on the present connection and that the client may no longer read.
    ///
    /// What the client has been sent stays until it is acknowledged; whoever has it cannot be made to forget it.
    mutating func withdraw(where isRefused: (Publication) -> Bool) {
        var refused: [UInt16] = []
        inflight.forEach { identifier, message in
            guard let delivery = message.delivery, !(isOpen && message.isOnConnection) else { return }
            if isRefused(delivery.publication) { refused.append(identifier) }
        }
        for identifier in refused {
            guard let slot = inflight.slot(of: identifier) else { continue }
            // The connection that it was sent on is gone, and the place that it had there with it.
            inflight[slot: slot].isOnConnection = false
            finish(slot: slot, identifier)
        }
        var withdrawn: [Delivery] = []
        queue.withdraw(where: isRefused) { withdrawn.append($0) }
        for delivery in withdrawn { forget(delivery) }
    }
}
