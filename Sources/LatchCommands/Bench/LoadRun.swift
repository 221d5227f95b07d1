import Glibc

/// Carries out a plan against a broker, on one thread: publishers, subscribers, and the rules of who may send when.
///
/// Publishers are held by their windows of unacknowledged messages. Where subscribers take part, publishers are also
/// held by what is still to be delivered: otherwise a load at QoS 0 would measure how fast a broker drops.
final class LoadRun {
    /// How long nothing may happen before what is missing is given up.
    private static let stallNanoseconds: UInt64 = 10_000_000_000
    /// The same for deliveries at QoS 0, which a broker may drop.
    private static let dropNanoseconds: UInt64 = 2_000_000_000
    private static let patienceNanoseconds: UInt64 = 100_000_000
    private static let napNanoseconds: UInt64 = 100_000

    private let plan: LoadPlan
    private let process: BrokerProcess?
    let publishers: [Publisher]
    private let subscribers: [Subscriber]
    private var descriptors: [pollfd]

    private var startNanoseconds: UInt64 = 0
    private var progressNanoseconds: UInt64 = 0
    private var deadlineNanoseconds = UInt64.max
    private var published = 0
    private var delivered = 0

    /// Connects everybody; nothing is published yet.
    init(plan: LoadPlan, url: BrokerURL, process: BrokerProcess?, record: AcknowledgementRecord?) throws(LoadFailure) {
        if let problem = plan.problem { throw .plan(problem) }
        self.plan = plan
        self.process = process
        var publishers: [Publisher] = []
        var subscribers: [Subscriber] = []
        for ordinal in 0..<(plan.mode == .publish ? 0 : plan.subscribers) {
            subscribers.append(try Subscriber(plan: plan, ordinal: ordinal, url: url))
        }
        for ordinal in 0..<(plan.mode == .retained ? 0 : plan.connections) {
            let share = plan.messages.map { $0 / plan.connections + (ordinal < $0 % plan.connections ? 1 : 0) }
            publishers.append(
                try Publisher(plan: plan, ordinal: ordinal, budget: share ?? .max, url: url, record: record)
            )
        }
        self.publishers = publishers
        self.subscribers = subscribers
        descriptors =
            publishers.map { pollfd(fd: $0.connection.descriptor, events: 0, revents: 0) }
            + subscribers.map { pollfd(fd: $0.connection.descriptor, events: 0, revents: 0) }
    }

    /// Runs the load to its end and says what it measured.
    ///
    /// - Parameter isOver: Called with the time between the messages, at least ten times a second; once it is true
    ///   nothing more is published.
    func run(until isOver: (UInt64) throws(LoadFailure) -> Bool = { _ in false }) throws(LoadFailure) -> LoadReport {
        if plan.mode == .fanout {
            for subscriber in subscribers { try subscriber.subscribe() }
        }
        let brokerSecondsBefore = try process?.processorSeconds()
        let clientSecondsBefore = LoadClock.processorSeconds()
        startNanoseconds = LoadClock.now()
        progressNanoseconds = startNanoseconds
        if let seconds = plan.seconds, plan.mode != .retained {
            deadlineNanoseconds = startNanoseconds &+ UInt64(seconds * 1e9)
        }
        if plan.mode == .retained {
            for subscriber in subscribers { try subscriber.subscribe() }
            delivered = deliveries
        }
        if let rate = plan.rate {
            for (ordinal, publisher) in publishers.enumerated() {
                publisher.schedule = PublishSchedule(
                    startNanoseconds: startNanoseconds,
                    rate: rate,
                    ordinal: ordinal,
                    connections: publishers.count
                )
            }
        }
        publish(now: startNanoseconds)
        while !isFinished {
            try wait(isOver)
        }
        let clientSeconds = LoadClock.processorSeconds() - clientSecondsBefore
        // A broker that was killed under the load has no processor time any more.
        let hasBroker = publishers.contains { $0.connection.isOpen } || subscribers.contains { $0.connection.isOpen }
        let brokerSeconds = hasBroker ? try process.map { (p) throws(LoadFailure) in try p.processorSeconds() } : nil
        let memory = hasBroker ? try process.map { (p) throws(LoadFailure) in try p.anonymousBytes() } : nil
        let report = report(
            brokerSeconds: brokerSeconds.map { $0 - (brokerSecondsBefore ?? 0) },
            memoryBytes: memory,
            clientSeconds: clientSeconds
        )
        for publisher in publishers { publisher.disconnect() }
        for subscriber in subscribers { subscriber.disconnect() }
        return report
    }

    /// Waits for sockets, serves those that are ready, and publishes what the windows now allow.
    private func wait(_ isOver: (UInt64) throws(LoadFailure) -> Bool) throws(LoadFailure) {
        for (index, publisher) in publishers.enumerated() { watch(index, publisher.connection) }
        for (index, subscriber) in subscribers.enumerated() { watch(publishers.count + index, subscriber.connection) }
        let patience = patience
        if patience > 0, patience < 1_000_000 {
            // poll(2) counts in milliseconds. What arrives meanwhile is read a tenth of one later at most.
            usleep(UInt32(min(patience, Self.napNanoseconds) / 1_000))
        }
        _ = poll(&descriptors, nfds_t(descriptors.count), Int32(patience / 1_000_000))
        var progress = 0
        for (index, publisher) in publishers.enumerated() where descriptors[index].revents != 0 {
            if isReadable(index) { progress += try publisher.receive() }
            if publisher.connection.isBlocked { publisher.connection.flush() }
        }
        for (index, subscriber) in subscribers.enumerated() where descriptors[publishers.count + index].revents != 0 {
            if subscriber.connection.isBlocked { subscriber.connection.flush() }
            if isReadable(publishers.count + index) {
                progress += try subscriber.receive()
            }
        }
        delivered = deliveries
        let now = LoadClock.now()
        if try isOver(now) || now >= deadlineNanoseconds {
            let end = min(now, deadlineNanoseconds)
            for publisher in publishers where publisher.budget > 0 {
                if plan.rate != nil { unsentDue += max(0, publisher.unsentDue(at: end)) }
                publisher.budget = 0
            }
        }
        progress += publish(now: now)
        // Below one message in ten seconds, silence is no stall.
        if progress > 0 || plan.rate != nil && publishers.allSatisfy({ $0.inFlight == 0 && $0.budget > 0 }) {
            progressNanoseconds = now
        } else {
            giveUp(now: now)
        }
    }

    /// How long to wait for sockets at most, in nanoseconds.
    private var patience: UInt64 {
        // A publisher whose window is larger than its buffer, or that has none, waits for nobody.
        if credit > 0, publishers.contains(where: \.isReady) { return 0 }
        guard plan.rate != nil else { return Self.patienceNanoseconds }
        let now = LoadClock.now()
        // What is overdue waits for an acknowledgement and not for the time.
        let due = publishers.reduce(UInt64.max) { min($0, $1.nextDueNanoseconds.map { $0 > now ? $0 : .max } ?? .max) }
        return due == .max ? Self.patienceNanoseconds : min(due - now, Self.patienceNanoseconds)
    }

    private func watch(_ index: Int, _ connection: LoadConnection) {
        descriptors[index].revents = 0
        guard connection.isOpen else {
            // poll(2) skips negative descriptors.
            descriptors[index].fd = -1
            return
        }
        descriptors[index].events = Int16(connection.isBlocked ? POLLIN | POLLOUT : POLLIN)
    }

    private func isReadable(_ index: Int) -> Bool {
        descriptors[index].revents & Int16(POLLIN | POLLERR | POLLHUP) != 0
    }

    @discardableResult
    private func publish(now: UInt64) -> Int {
        var sent = 0
        for publisher in publishers {
            let count = publisher.publish(atMost: credit, now: now)
            published += count
            sent += count
            if plan.qos == 0, publisher.budget == 0 { publisher.ping() }
        }
        return sent
    }

    /// How many messages may be published before the slowest subscriber has caught up.
    private var credit: Int {
        guard plan.mode == .fanout else { return .max }
        let slowest = subscribers.reduce(Int.max) { min($0, $1.receivedLive + $1.undelivered) }
        return plan.window * publishers.count - (published - slowest)
    }

    /// Messages that count as delivered: the retained set, or what was published meanwhile.
    private var deliveries: Int {
        subscribers.reduce(0) { $0 + Self.deliveries(to: $1, in: plan.mode) }
    }

    private static func deliveries(to subscriber: Subscriber, in mode: LoadMode) -> Int {
        mode == .retained ? subscriber.receivedRetained : subscriber.receivedLive
    }

    private var undelivered: Int { subscribers.reduce(0) { $0 + $1.undelivered } }

    /// Deliveries that are due by now.
    private var deliveriesDue: Int {
        switch plan.mode {
        case .publish, .idle: 0
        case .retained: plan.topics * subscribers.count
        case .fanout: published * subscribers.count
        }
    }

    private func giveUp(now: UInt64) {
        let idle = now &- progressNanoseconds
        let isDroppable = plan.mode == .fanout || plan.mode == .retained
        if isDroppable, idle > (plan.qos == 0 ? Self.dropNanoseconds : Self.stallNanoseconds) {
            for subscriber in subscribers {
                subscriber.undelivered =
                    deliveriesDue / subscribers.count - Self.deliveries(to: subscriber, in: plan.mode)
            }
            progressNanoseconds = now
        } else if idle > Self.stallNanoseconds {
            isStalled = true
        }
    }

    /// Messages that were due when publishing ended and had not been sent.
    private var unsentDue = 0
    private var isStalled = false

    private var isFinished: Bool {
        if isStalled { return true }
        if subscribers.contains(where: { !$0.connection.isOpen }) { return true }
        return publishers.allSatisfy(\.isFinished) && delivered + undelivered >= deliveriesDue
    }

    /// From sending to acknowledgement, or to delivery where subscribers take part, in nanoseconds.
    var latency: LatencyHistogram {
        var latency = LatencyHistogram()
        for publisher in publishers where subscribers.isEmpty { latency.merge(publisher.latency) }
        for subscriber in subscribers { latency.merge(subscriber.latency) }
        return latency
    }

    private func report(brokerSeconds: Double?, memoryBytes: Int?, clientSeconds: Double) -> LoadReport {
        let isAcknowledged = plan.qos > 0
        let acknowledged = publishers.reduce(0) {
            $0 + (isAcknowledged ? $1.acknowledged : $1.isPingAnswered ? $1.published : 0)
        }
        let completed = subscribers.isEmpty ? acknowledged : delivered
        let seconds = max(1e-9, Double(progressNanoseconds &- startNanoseconds) / 1e9)
        let perMessage = 1e6 / Double(max(1, completed))
        return LoadReport(
            mode: plan.mode,
            version: plan.version,
            qos: Int(plan.qos),
            isRetained: plan.isRetained,
            topics: plan.topics,
            payloadBytes: plan.payloadBytes,
            connections: publishers.count,
            subscribers: subscribers.count,
            window: publishers.reduce(plan.window) { min($0, $1.window) },
            rate: plan.rate,
            published: published,
            acknowledged: acknowledged,
            delivered: delivered,
            undelivered: undelivered,
            strayAcknowledgements: publishers.reduce(0) { $0 + $1.strayAcknowledgements },
            unsentDue: plan.rate == nil ? nil : unsentDue,
            connectionsLost: publishers.count(where: { !$0.connection.isOpen })
                + subscribers.count(where: { !$0.connection.isOpen }),
            seconds: seconds,
            messagesPerSecond: Double(completed) / seconds,
            latencyMilliseconds: LoadReport.Latency(latency),
            broker: brokerSeconds.flatMap { seconds in
                memoryBytes.map {
                    LoadReport.Broker(
                        processorMicrosecondsPerMessage: seconds * perMessage,
                        anonymousMemoryBytes: $0
                    )
                }
            },
            clientMicrosecondsPerMessage: clientSeconds * perMessage
        )
    }
}
