import MQTTWire

/// What a broker did with messages that it was given.
struct GivingReport: Equatable {
    /// Messages that it took. At QoS 0 that is what was sent: nothing tells more.
    var given = 0
    /// Messages that it refused, by the reason that it gave.
    var refused: [String: Int] = [:]

    var refusedCount: Int { refused.values.reduce(0, +) }

    mutating func count(_ reason: ReasonCode) {
        if reason.isError {
            refused["\(reason)", default: 0] += 1
        } else {
            given += 1
        }
    }
}
