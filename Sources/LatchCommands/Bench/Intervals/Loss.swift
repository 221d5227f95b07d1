/// What was acknowledged before a kill and is gone after it.
struct Loss: Equatable, Sendable {
    /// Acknowledged messages that the broker holds neither themselves nor in a newer one of their topic.
    var messages = 0
    /// From the acknowledgement of the oldest of them to the kill: how far back the broker fell.
    var windowNanoseconds: UInt64 = 0

    /// Adds what one connection lost.
    ///
    /// - Parameters:
    ///   - timeline: of the connection's acknowledgements.
    ///   - order: in which the connection visited its topics.
    ///   - firstSequence: the sequence number of its first message; each further one has the next.
    ///   - held: by topic, the sequence number that the broker holds; 0: nothing.
    ///   - killNanoseconds: when the broker was killed.
    mutating func add(
        timeline: AcknowledgementTimeline,
        order: TopicOrder,
        firstSequence: UInt64,
        held: [UInt64],
        killNanoseconds: UInt64
    ) {
        var oldest: Int?
        for message in 0..<timeline.acknowledged {
            let number = UInt64(message)
            guard held[order.topic(ofMessage: number)] < firstSequence + number else { continue }
            messages += 1
            if oldest == nil { oldest = message }
        }
        // What was read after the kill had been acknowledged before it.
        guard let oldest, let time = timeline.nanoseconds(ofMessage: oldest), time < killNanoseconds else { return }
        windowNanoseconds = max(windowNanoseconds, killNanoseconds - time)
    }
}
