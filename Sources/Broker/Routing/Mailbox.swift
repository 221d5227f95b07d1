import MQTTProtocol

/// What waits for one event loop: filled under the router's lock, emptied by the loop in one go.
struct Mailbox {
    private(set) var routed: [RoutedPublication] = []
    private(set) var messages: [LoopMessage] = []
    /// Whether the loop was told that something waits and has not looked yet.
    private(set) var isAnnounced = false

    var isEmpty: Bool { routed.isEmpty && messages.isEmpty }

    mutating func append(_ publication: RoutedPublication) {
        routed.append(publication)
    }

    mutating func append(_ message: LoopMessage) {
        messages.append(message)
    }

    /// `true` once for each time the loop must be woken: one wake-up for a batch, however large.
    mutating func needsAnnouncement() -> Bool {
        guard !isAnnounced, !isEmpty else { return false }
        isAnnounced = true
        return true
    }

    /// Takes everything, leaving the emptied arrays of the last time in its place so that nothing is allocated.
    mutating func take(routed emptied: inout [RoutedPublication], messages emptiedMessages: inout [LoopMessage]) {
        swap(&routed, &emptied)
        swap(&messages, &emptiedMessages)
        isAnnounced = false
    }

    /// Moves what waits for `session` to the end of `other`, in order: the session is moving there.
    mutating func move(_ session: SubscriberHandle, to other: inout Mailbox) {
        for publication in routed where publication.match.handle == session {
            other.append(publication)
        }
        routed.removeAll { $0.match.handle == session }
    }
}
