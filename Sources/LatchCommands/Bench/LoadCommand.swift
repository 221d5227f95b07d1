import ArgumentParser

/// `latch bench load`: puts a load on a broker and reports rate, latency and cost.
struct LoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Put a load on a broker and report rate, latency and cost.",
        discussion: """
            Speaks to any broker, over TCP or WebSocket (ws://), with TLS too (mqtts://, wss://). Topics are PREFIX/dev00042/temp; every topic belongs to one \
            connection, and every payload carries a sequence number and the time of sending.

            A retained set is measured by publishing it first:
              latch bench load --url mqtt://localhost --mode publish --topics 100000 --messages 100000
              latch bench load --url mqtt://localhost --mode retained --topics 100000 --subscribers 1

            With --rate messages are due at fixed times, and latencies count from then, whether or not the broker kept up \
            (no coordinated omission). Without it every connection sends as fast as its window allows:
              latch bench load --url mqtt://localhost --rate 50000 --seconds 30

            Idle connections, their memory and whether they last:
              latch bench load --url mqtt://localhost --mode idle --connections 10000 --pid $(pidof latch)

            What a broker keeps through a crash is checked in three steps: load with --record FILE, kill the broker \
            meanwhile and start it again, then latch bench check --record FILE.
            """
    )

    @Option(help: "Where the broker listens.", transform: { try BrokerURL($0) })
    var url: BrokerURL

    @OptionGroup var trust: ServerTrustOptions

    @Option(help: "What to do: publish, retained (subscribers take the retained set), fanout or idle.")
    var mode = LoadMode.publish

    @Option(help: "Version of MQTT: 3.1.1 or 5.0.")
    var mqttVersion = LoadVersion.mqtt311

    @Option(help: "Quality of service: 0, 1 or 2; 0 or 1 where subscribers take part.")
    var qos: UInt8 = 1

    @Flag(inversion: .prefixedNo, help: "Publish retained messages (default: in mode publish).")
    var retain: Bool?

    @OptionGroup var workload: WorkloadOptions

    @OptionGroup var publishers: PublisherOptions

    @Option(help: "Subscribing connections (default: 1 in mode retained, 10 in mode fanout).")
    var subscribers: Int?

    @Option(help: "Messages in all.")
    var messages: Int?

    @Option(help: "Seconds of publishing, or of being idle (default: 10 unless --messages is given).")
    var seconds: Double?

    @Option(help: "First levels of every topic; %d: the connection's number (default: bench, live in mode fanout).")
    var topicPrefix: String?

    @Option(help: "User name; %d stands for the connection's number.")
    var username: String?

    @Option(help: "Password of every connection.")
    var password: String?

    @Option(help: "Let every so many messages of a connection clear their topic.")
    var clearEvery = 0

    @Flag(help: "Visit topics in ascending order instead of scattered.")
    var ordered = false

    @Option(help: "Process id of the broker, to report its CPU time and memory.")
    var pid: Int32?

    @Option(help: "Note every attempted and acknowledged message here, for 'latch bench check'; continues a record.")
    var record: String?

    func run() throws {
        do throws(LoadFailure) {
            try load()
        } catch {
            throw BenchFailure.exit(error)
        }
    }

    private var plan: LoadPlan {
        LoadPlan(
            mode: mode,
            version: mqttVersion,
            qos: qos,
            isRetained: retain ?? (mode == .publish),
            topics: workload.topics ?? 1_000,
            payloadBytes: workload.payloadBytes,
            connections: publishers.connections,
            subscribers: subscribers ?? (mode == .fanout ? 10 : 1),
            window: publishers.window,
            messages: messages,
            seconds: seconds ?? (messages == nil ? 10 : nil),
            rate: publishers.rate,
            topicPrefix: topicPrefix ?? (mode == .fanout ? "live" : "bench"),
            username: username,
            password: password,
            clearEvery: clearEvery,
            isOrdered: ordered
        )
    }

    private func load() throws(LoadFailure) {
        let plan = plan
        if let problem = plan.problem { throw .plan(problem) }
        let process = pid.map { BrokerProcess(pid: $0) }
        let url = try trust.applied(to: url)
        if mode == .idle {
            let report = try IdleRun(plan: plan, url: url, process: process).run()
            print(workload.json ? ReportJSON.text(report) : report.text)
            if report.alive < report.connections { throw .connectionsLost(report.connections - report.alive) }
            return
        }
        let journal = try record.map { (path) throws(LoadFailure) in try Self.journal(path: path, plan: plan) }
        let run = try LoadRun(plan: plan, url: url, process: process, record: journal)
        let report = try run.run()
        if let record, let journal { try RecordFile.write(journal, path: record) }
        print(workload.json ? ReportJSON.text(report) : report.text)
        // With a record the broker is expected to die under the load; without one that is a failure.
        if report.connectionsLost > 0, record == nil { throw .connectionsLost(report.connectionsLost) }
    }

    /// The record to continue, or a new one.
    private static func journal(path: String, plan: LoadPlan) throws(LoadFailure) -> AcknowledgementRecord {
        guard plan.mode == .publish, plan.isRetained, plan.qos > 0 else {
            throw .plan("--record wants retained messages that are acknowledged: mode publish, QoS 1 or 2")
        }
        guard let found = try RecordFile.read(path: path) else {
            return AcknowledgementRecord(
                topics: plan.topics,
                topicPrefix: plan.topicPrefix,
                connections: plan.connections,
                payloadBytes: plan.payloadBytes
            )
        }
        guard found.topics == plan.topics, found.connections == plan.connections,
            found.payloadBytes == plan.payloadBytes, found.topicPrefix == plan.topicPrefix
        else {
            throw .plan(
                "\(path) was recorded with \(found.topics) topics, \(found.connections) connections, "
                    + "\(found.payloadBytes) bytes and prefix \(found.topicPrefix): continue it with the same"
            )
        }
        return found
    }
}
