/// A connection that takes everything below a prefix and acknowledges it.
final class Subscriber {
    let connection: LoadConnection
    private let filter: String
    private let qos: UInt8
    private let version: LoadVersion
    /// Messages that came because they were retained.
    private(set) var receivedRetained = 0
    /// Messages that came because they were published meanwhile.
    private(set) var receivedLive = 0
    /// Messages that were due, did not come, and are no longer waited for.
    var undelivered = 0
    private(set) var latency = LatencyHistogram()

    init(plan: LoadPlan, ordinal: Int, url: BrokerURL) throws(LoadFailure) {
        filter = plan.naming(connection: ordinal).filter
        qos = plan.qos
        version = plan.version
        connection = try LoadConnection(
            url: url,
            version: plan.version,
            clientIdentifier: "latch-load-s\(ordinal)",
            username: plan.username.map { LoadPlan.expand($0, connection: ordinal) } ?? url.username,
            password: plan.password ?? url.password,
            packetBytesMax: plan.payloadBytes + filter.utf8.count + 128
        )
    }

    /// Subscribes and waits for the grant; what comes with it is counted.
    func subscribe() throws(LoadFailure) {
        connection.append(LoadPacket.subscribe(version: version, identifier: 1, filter: filter, qos: qos))
        try connection.exchange("SUBSCRIBE") { [self] (first, body) throws(LoadFailure) in
            if first == 0x90 {
                guard let code = body.last, body.count >= 3, code < 0x80 else {
                    throw .subscriptionRefused(filter: filter)
                }
                return true
            }
            try take(first, body, now: LoadClock.now())
            return false
        }
        connection.flush()
        connection.stopBlocking()
    }

    /// Takes the messages that have arrived.
    ///
    /// - Returns: how many.
    func receive() throws(LoadFailure) -> Int {
        // Acknowledgements of one read always fit behind an empty output: a message is longer than its PUBACK.
        guard !connection.isBlocked else { return 0 }
        let before = receivedRetained + receivedLive
        var now: UInt64 = 0
        _ = try connection.receive { (first, body) throws(LoadFailure) in
            if now == 0 { now = LoadClock.now() }
            try take(first, body, now: now)
        }
        connection.flush()
        return receivedRetained + receivedLive - before
    }

    @inline(__always)
    private func take(_ first: UInt8, _ body: UnsafeRawBufferPointer, now: UInt64) throws(LoadFailure) {
        guard first & 0xF0 == 0x30 else { throw .malformed("a packet of type \(first >> 4) to a subscriber") }
        let message = try ReceivedPublish(first: first, body: body, version: version)
        if message.qos == 1 { connection.appendAcknowledgement(0x40, identifier: message.identifier) }
        if message.isRetained {
            receivedRetained &+= 1
            return
        }
        receivedLive &+= 1
        if message.payload.count >= LoadPlan.payloadBytesMin {
            let sent = LoadPayload.load(message.payload.baseAddress! + LoadPayload.timeOffset)
            latency.record(now > sent ? now &- sent : 0)
        }
    }

    /// Says goodbye, so that the broker closes cleanly.
    func disconnect() {
        guard connection.isOpen, !connection.isBlocked else { return }
        connection.append(LoadPacket.disconnect)
        connection.flush()
    }
}
