/// A connection that publishes to its own topics and keeps at most a window of messages unacknowledged.
final class Publisher {
    /// A message that waits for its acknowledgement; `sentNanoseconds` 0 means that the identifier is free.
    private struct Flight {
        var sentNanoseconds: UInt64 = 0
        var topic = 0
        var sequence: UInt64 = 0
    }

    let connection: LoadConnection
    let order: TopicOrder
    private let setting: PublishTemplate
    private let clearing: PublishTemplate
    private let clearEvery: UInt64
    private let qos: UInt8
    /// What the plan says, or the broker allows if that is less.
    let window: Int
    private let reservedBytes: Int
    let firstSequence: UInt64
    private let record: AcknowledgementRecord?
    /// By packet identifier, less 1. Only the window's first identifiers are used.
    private let flights: UnsafeMutableBufferPointer<Flight>
    private var nextFlight = 0
    /// When messages are due; `nil`: as soon as the window allows.
    var schedule: PublishSchedule?

    /// How many messages this connection may still publish.
    var budget: Int
    private(set) var published = 0
    private(set) var acknowledged = 0
    /// Acknowledgements for messages that were not on the way.
    private(set) var strayAcknowledgements = 0
    /// An acknowledgement overtook another, which MQTT forbids (3.1.1, 4.6); looked for where timelines are kept.
    private(set) var isOutOfOrder = false
    private(set) var isPinged = false
    private(set) var isPingAnswered = false
    private(set) var latency = LatencyHistogram()
    /// When what was acknowledged, if the plan keeps that.
    private(set) var timeline: AcknowledgementTimeline?

    init(
        plan: LoadPlan,
        ordinal: Int,
        budget: Int,
        url: BrokerURL,
        record: AcknowledgementRecord?
    ) throws(LoadFailure) {
        let naming = plan.naming(connection: ordinal)
        setting = PublishTemplate(
            version: plan.version,
            naming: naming,
            qos: plan.qos,
            isRetained: plan.isRetained,
            payloadBytes: plan.payloadBytes
        )
        clearing = PublishTemplate(
            version: plan.version,
            naming: naming,
            qos: plan.qos,
            isRetained: true,
            payloadBytes: 0
        )
        clearEvery = UInt64(plan.clearEvery)
        order = TopicOrder(
            topics: plan.topics,
            connection: ordinal,
            connections: plan.connections,
            isOrdered: plan.isOrdered
        )
        qos = plan.qos
        self.budget = budget
        self.record = record
        if plan.keepsTimelines { timeline = AcknowledgementTimeline() }
        firstSequence = record?.nextSequence ?? 1
        // The PUBREL of every message on the way.
        reservedBytes = plan.qos == 2 ? plan.window * LoadConnection.acknowledgementBytesMax : 0
        connection = try LoadConnection(
            url: url,
            version: plan.version,
            clientIdentifier: "latch-load-p\(ordinal)",
            username: plan.username.map { LoadPlan.expand($0, connection: ordinal) } ?? url.username,
            password: plan.password ?? url.password,
            packetBytesMax: setting.count,
            reservedBytes: reservedBytes
        )
        connection.stopBlocking()
        window = min(plan.window, connection.receiveMaximum)
        flights = .allocate(capacity: window)
        flights.initialize(repeating: Flight())
    }

    deinit { flights.deallocate() }

    /// Messages on the way.
    var inFlight: Int { qos == 0 ? 0 : published - acknowledged }

    /// Messages that are due and not sent.
    func unsentDue(at now: UInt64) -> Int {
        schedule.map { $0.due(at: now) - published } ?? .max
    }

    /// When the next message is due; `nil`: at once, or never.
    var nextDueNanoseconds: UInt64? {
        budget > 0 ? schedule?.nanoseconds(ofMessage: published) : nil
    }

    /// Could publish at once, were it asked to.
    var isReady: Bool {
        schedule == nil && connection.isOpen && !connection.isOutputBroken && !connection.isBlocked && budget > 0
            && (qos == 0 || inFlight < window)
    }

    /// Nothing is left to send and nothing to wait for.
    var isFinished: Bool {
        guard connection.isOpen else { return true }
        return budget == 0 && inFlight == 0 && !connection.isBlocked && (qos > 0 || isPingAnswered)
    }

    /// Appends as many messages as budget, window, buffer and the given limit allow, and sends them.
    ///
    /// - Returns: how many.
    func publish(atMost limit: Int, now: UInt64) -> Int {
        guard connection.isOpen, !connection.isOutputBroken, !connection.isBlocked else { return 0 }
        let room = (connection.room - reservedBytes) / setting.count
        var count = max(0, min(limit, budget, room, unsentDue(at: now)))
        if qos > 0 { count = min(count, window - inFlight) }
        guard count > 0 else { return 0 }
        var sent = 0
        connection.append { (place, _) in
            var offset = 0
            while sent < count {
                if qos > 0, flights[nextFlight].sentNanoseconds != 0 { break }
                offset &+= encode(to: place + offset, now: now)
                sent &+= 1
            }
            return offset
        }
        budget -= sent
        connection.flush()
        return sent
    }

    @inline(__always)
    private func encode(to place: UnsafeMutableRawPointer, now: UInt64) -> Int {
        let number = UInt64(truncatingIfNeeded: published)
        let topic = order.topic(ofMessage: number)
        let sequence = firstSequence &+ number
        // What was due is late from that moment on, however late it is sent.
        let now = schedule?.nanoseconds(ofMessage: published) ?? now
        let isClear = clearEvery > 0 && sequence % clearEvery == 0
        published &+= 1
        if qos > 0 { flights[nextFlight] = Flight(sentNanoseconds: now, topic: topic, sequence: sequence) }
        record?.attempt(topic: topic, sequence: sequence, isClear: isClear)
        let identifier = UInt16(truncatingIfNeeded: nextFlight &+ 1)
        nextFlight &+= 1
        if nextFlight == window { nextFlight = 0 }
        if isClear {
            clearing.write(to: place, topic: topic, identifier: identifier, sequence: sequence, nanoseconds: now)
            return clearing.count
        }
        setting.write(to: place, topic: topic, identifier: identifier, sequence: sequence, nanoseconds: now)
        return setting.count
    }

    /// Takes the acknowledgements that have arrived.
    ///
    /// - Returns: how many messages they complete.
    func receive() throws(LoadFailure) -> Int {
        let before = acknowledged
        let wasPingAnswered = isPingAnswered
        var now: UInt64 = 0
        _ = try connection.receive { (first, body) throws(LoadFailure) in
            if now == 0 { now = LoadClock.now() }
            switch first {
            case 0x40 where qos == 1, 0x70 where qos == 2:
                if body.count > 2, body[2] >= 0x80 { throw .publishRefused(reasonCode: body[2]) }
                complete(try Self.identifier(body), now: now)
            case 0x50 where qos == 2:
                if body.count > 2, body[2] >= 0x80 { throw .publishRefused(reasonCode: body[2]) }
                connection.appendAcknowledgement(0x62, identifier: try Self.identifier(body))
            case 0xD0:
                isPingAnswered = true
            default:
                throw .malformed("a packet of type \(first >> 4) to a publisher")
            }
        }
        connection.flush()
        if acknowledged > before { timeline?.note(acknowledged: acknowledged, nanoseconds: now) }
        // At QoS 0 the answer to the ping completes everything.
        return acknowledged - before + (isPingAnswered && !wasPingAnswered ? 1 : 0)
    }

    @inline(__always)
    private func complete(_ identifier: UInt16, now: UInt64) {
        let index = Int(identifier) &- 1
        guard index >= 0, index < window, flights[index].sentNanoseconds != 0 else {
            strayAcknowledgements += 1
            return
        }
        let flight = flights[index]
        if timeline != nil, flight.sequence != firstSequence &+ UInt64(acknowledged) { isOutOfOrder = true }
        flights[index].sentNanoseconds = 0
        acknowledged &+= 1
        latency.record(now &- flight.sentNanoseconds)
        record?.acknowledge(topic: flight.topic, sequence: flight.sequence)
    }

    @inline(__always)
    private static func identifier(_ body: UnsafeRawBufferPointer) throws(LoadFailure) -> UInt16 {
        // Behind the identifier 5.0 may have a reason code and properties.
        guard body.count >= 2 else { throw .malformed("an acknowledgement of \(body.count) bytes") }
        return UInt16(bigEndian: body.loadUnaligned(as: UInt16.self))
    }

    /// Asks for a sign that the broker has read everything: QoS 0 has no acknowledgements.
    func ping() {
        guard connection.isOpen, !isPinged, !connection.isBlocked else { return }
        isPinged = true
        connection.append(LoadPacket.pingRequest)
        connection.flush()
    }

    /// Says goodbye, so that the broker closes cleanly.
    func disconnect() {
        guard connection.isOpen, !connection.isBlocked else { return }
        connection.append(LoadPacket.disconnect)
        connection.flush()
    }
}
