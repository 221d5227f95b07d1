import Glibc

/// One kill: a fresh store, every topic set once, a clean restart, a load, the kill in the middle of it, a restart, and a
/// look at what is still there.
struct KillRound {
    /// A topic of the round's own, so that the first message after the restart overwrites nothing that is counted.
    private static let firstTopic = "latch-bench-first"

    let plan: SweepPlan
    let policy: SweepPolicy
    let kind: KillOutcome.Kind
    /// Where in the interval the kill comes, from 0 to 1.
    let chance: Double
    let directory: String

    /// - Parameter progress: Called now and then with the seconds of load that are left.
    func run(progress: (Double) throws(LoadFailure) -> Void) throws(LoadFailure) -> KillOutcome {
        let broker = try BrokerUnderTest(directory: directory, directives: policy.directives)
        let record = AcknowledgementRecord(
            topics: plan.load.topics,
            topicPrefix: plan.load.topicPrefix,
            connections: plan.load.connections,
            payloadBytes: plan.load.payloadBytes
        )
        try fill(broker, record)
        let journalBytes = broker.journalBytes
        try broker.start(losesUnsyncedWrites: kind == .powerCut)
        try broker.publishFirst(topic: Self.firstTopic)

        var load = plan.load
        load.messages = nil
        load.seconds = SweepPlan.secondsMax
        load.keepsTimelines = true
        let run = try LoadRun(plan: load, url: broker.url, process: nil, record: record)
        let seconds = plan.killSeconds(policy: policy, chance: chance)
        var killDue = UInt64.max
        var killNanoseconds: UInt64 = 0
        let report = try run.run { now throws(LoadFailure) in
            // The load counts from its first acknowledgement: a machine that is busy may let the broker wait for a while.
            if killDue == .max, run.publishers.contains(where: { $0.acknowledged > 0 }) {
                killDue = now + UInt64(seconds * 1e9)
            }
            if killNanoseconds == 0, now >= killDue {
                // Whatever is acknowledged after this moment was so before.
                killNanoseconds = LoadClock.now()
                broker.strike()
            }
            try progress(killDue == .max ? seconds : now < killDue ? Double(killDue - now) / 1e9 : 0)
            return killNanoseconds > 0
        }
        let end = try broker.kill()
        guard end.status & 0x7F == SIGKILL, killNanoseconds > 0 else {
            throw .brokerEnded(status: end.status, log: broker.lastWords)
        }
        let bytesPrepared = max(0, broker.journalBytes - journalBytes)

        let restart = LoadClock.now()
        try broker.start()
        try broker.publishFirst(topic: Self.firstTopic)
        let recoverySeconds = Double(LoadClock.now() - restart) / 1e9
        let check = RecordCheck(record: record)
        let found = try check.run(url: broker.url, username: nil, password: nil)
        try broker.kill()

        var loss = Loss()
        for publisher in run.publishers {
            guard let timeline = publisher.timeline, !publisher.isOutOfOrder else {
                throw .malformed("an acknowledgement that overtook another")
            }
            loss.add(
                timeline: timeline,
                order: publisher.order,
                firstSequence: publisher.firstSequence,
                held: check.sequences,
                killNanoseconds: killNanoseconds
            )
        }
        return KillOutcome(
            kind: kind,
            loadSeconds: seconds,
            acknowledged: report.acknowledged,
            lost: loss.messages,
            lossWindowMilliseconds: Double(loss.windowNanoseconds) / 1e6,
            invented: found.invented + found.foreign,
            recoverySeconds: recoverySeconds,
            load: report,
            latencies: run.latency.quantiles,
            bytesPrepared: bytesPrepared,
            bytesWrittenPerMessage: Double(max(0, end.bytesWritten - bytesPrepared))
                / Double(max(1, report.acknowledged))
        )
    }

    /// Creates the store and sets every topic once, so that the load finds the store as it will be for most of its life,
    /// and whatever a topic holds afterwards says which of its messages survived.
    private func fill(_ broker: BrokerUnderTest, _ record: AcknowledgementRecord) throws(LoadFailure) {
        try broker.start()
        try broker.publishFirst(topic: Self.firstTopic)
        var load = plan.load
        load.messages = load.topics
        load.seconds = nil
        load.rate = nil
        let report = try LoadRun(plan: load, url: broker.url, process: nil, record: record).run()
        guard report.acknowledged == load.topics else { throw .connectionsLost(report.connectionsLost) }
        record.endRun()
        try broker.stop()
    }
}
