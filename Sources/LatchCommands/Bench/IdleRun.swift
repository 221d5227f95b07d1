import Glibc

/// Opens connections that do nothing, waits, and asks each whether it is still there.
struct IdleRun {
    /// What an idle connection needs: CONNECT and two bytes of PINGREQ at a time.
    private static let bufferBytes = 1_024
    /// How long answers to the pings are waited for.
    private static let answerNanoseconds: UInt64 = 10_000_000_000
    /// Descriptors beside the connections' own.
    private static let otherDescriptors: rlim_t = 64

    let plan: LoadPlan
    let url: BrokerURL
    let process: BrokerProcess?

    func run() throws(LoadFailure) -> IdleReport {
        if let problem = plan.problem { throw .plan(problem) }
        try raiseDescriptorLimit()
        let bytesBefore = try process.map { (p) throws(LoadFailure) in try p.anonymousBytes() }
        var connecting = LatencyHistogram()
        var connections: [LoadConnection] = []
        connections.reserveCapacity(plan.connections)
        let start = LoadClock.now()
        for ordinal in 0..<plan.connections {
            let began = LoadClock.now()
            connections.append(try connect(ordinal))
            connecting.record(LoadClock.now() - began)
        }
        let connectSeconds = Double(LoadClock.now() - start) / 1e9
        let idleSeconds = plan.seconds ?? 0
        let processorBefore = try process.map { (p) throws(LoadFailure) in try p.processorSeconds() }
        try wait(seconds: idleSeconds, connections)
        let processorAfter = try process.map { (p) throws(LoadFailure) in try p.processorSeconds() }
        let bytesAfter = try process.map { (p) throws(LoadFailure) in try p.anonymousBytes() }
        let (alive, pings) = try ping(connections)
        for connection in connections where connection.isOpen {
            connection.append(LoadPacket.disconnect)
            connection.flush()
        }
        return IdleReport(
            version: plan.version,
            connections: connections.count,
            connectSeconds: connectSeconds,
            connectionsPerSecond: Double(connections.count) / max(1e-9, connectSeconds),
            connectMilliseconds: LoadReport.Latency(connecting),
            idleSeconds: idleSeconds,
            alive: alive,
            pingMilliseconds: LoadReport.Latency(pings),
            brokerBytesBefore: bytesBefore,
            brokerBytesAfter: bytesAfter,
            brokerBytesPerConnection: bytesAfter.map {
                Double($0 - (bytesBefore ?? 0)) / Double(max(1, connections.count))
            },
            brokerIdleProcessorSeconds: processorAfter.map { $0 - (processorBefore ?? 0) }
        )
    }

    private func connect(_ ordinal: Int) throws(LoadFailure) -> LoadConnection {
        let connection = try LoadConnection(
            url: url,
            version: plan.version,
            clientIdentifier: "latch-idle-\(ordinal)",
            username: plan.username.map { LoadPlan.expand($0, connection: ordinal) } ?? url.username,
            password: plan.password ?? url.password,
            packetBytesMax: Self.bufferBytes / 2,
            bufferBytesMin: Self.bufferBytes
        )
        connection.stopBlocking()
        return connection
    }

    /// Waits, and answers what a server asks of idle connections meanwhile.
    private func wait(seconds: Double, _ connections: [LoadConnection]) throws(LoadFailure) {
        var descriptors = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        let end = LoadClock.now() + UInt64(seconds * 1e9)
        while case let now = LoadClock.now(), now < end {
            let milliseconds = Int32(clamping: (end - now) / 1_000_000 + 1)
            guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0 else { continue }
            for (index, connection) in connections.enumerated() where descriptors[index].revents != 0 {
                _ = try connection.receive { (_, _) throws(LoadFailure) in }
                if !connection.isOpen { descriptors[index].fd = -1 }
            }
        }
    }

    /// Asks every connection at once, and counts the answers.
    private func ping(_ connections: [LoadConnection]) throws(LoadFailure) -> (alive: Int, latency: LatencyHistogram) {
        var descriptors = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        let start = LoadClock.now()
        for (index, connection) in connections.enumerated() {
            // poll(2) skips negative descriptors.
            guard connection.isOpen else {
                descriptors[index].fd = -1
                continue
            }
            connection.append(LoadPacket.pingRequest)
            connection.flush()
        }
        var latency = LatencyHistogram()
        var waiting = connections.count(where: \.isOpen)
        while waiting > 0 {
            let elapsed = LoadClock.now() - start
            guard elapsed < Self.answerNanoseconds else { break }
            let milliseconds = Int32((Self.answerNanoseconds - elapsed) / 1_000_000)
            guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0 else { continue }
            for (index, connection) in connections.enumerated() where descriptors[index].revents != 0 {
                var isAnswered = false
                _ = try connection.receive { (first, _) throws(LoadFailure) in if first == 0xD0 { isAnswered = true } }
                guard isAnswered || !connection.isOpen else { continue }
                descriptors[index].fd = -1
                waiting -= 1
                if isAnswered { latency.record(LoadClock.now() - start) }
            }
        }
        return (Int(latency.count), latency)
    }

    private func raiseDescriptorLimit() throws(LoadFailure) {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let wanted = rlim_t(plan.connections) + Self.otherDescriptors
        guard limit.rlim_cur < wanted else { return }
        guard limit.rlim_max >= wanted else {
            throw .plan(
                "\(plan.connections) connections need as many descriptors: raise 'ulimit -n' to \(wanted) first"
            )
        }
        limit.rlim_cur = wanted
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw .file(path: "RLIMIT_NOFILE", errno: errno)
        }
    }
}
