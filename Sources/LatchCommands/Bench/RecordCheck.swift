import Glibc

/// Takes a broker's retained set and holds it against a record.
final class RecordCheck {
    /// MQTT does not say where a retained set ends: silence for this long, once nothing that must be there is missing.
    private static let quietMilliseconds: UInt64 = 250
    /// The same while something is missing, before it is given up as lost.
    private static let missingMilliseconds: UInt64 = 5_000

    private let record: AcknowledgementRecord
    /// By topic, what the broker holds; 0: nothing.
    private(set) var sequences: [UInt64]
    private var missing: Int
    private var foreign = 0

    init(record: AcknowledgementRecord) {
        self.record = record
        sequences = [UInt64](repeating: 0, count: record.topics)
        missing = 0
        for topic in sequences.indices where record.verdict(topic: topic, sequence: nil) == .lost { missing += 1 }
    }

    /// Subscribes to everything that the record's load published to and judges what comes.
    func run(url: BrokerURL, username: String?, password: String?) throws(LoadFailure) -> CheckReport {
        // Prefixes that hold a connection's number are separate trees, perhaps of separate users.
        let isShared = LoadPlan.expand(record.topicPrefix, connection: 0) == record.topicPrefix
        for ordinal in 0..<(isShared ? 1 : record.connections) {
            try take(
                filter: TopicNaming(
                    prefix: LoadPlan.expand(record.topicPrefix, connection: ordinal),
                    topics: record.topics
                ).filter,
                expected: (0..<record.topics).count { topic in
                    (isShared || topic % record.connections == ordinal)
                        && record.verdict(topic: topic, sequence: nil) == .lost
                },
                url: url,
                clientIdentifier: "latch-check-\(ordinal)",
                username: username.map { LoadPlan.expand($0, connection: ordinal) } ?? url.username,
                password: password ?? url.password
            )
        }
        return report()
    }

    private func take(
        filter: String,
        expected: Int,
        url: BrokerURL,
        clientIdentifier: String,
        username: String?,
        password: String?
    ) throws(LoadFailure) {
        let connection = try LoadConnection(
            url: url,
            version: .mqtt311,
            clientIdentifier: clientIdentifier,
            username: username,
            password: password,
            packetBytesMax: record.payloadBytes + filter.utf8.count + 128
        )
        connection.append(LoadPacket.subscribe(version: .mqtt311, identifier: 1, filter: filter, qos: 1))
        let target = missing - expected
        try connection.exchange("SUBSCRIBE") { (first, body) throws(LoadFailure) in
            if first == 0x90 {
                guard body.count == 3, body[2] < 0x80 else { throw .subscriptionRefused(filter: filter) }
                return true
            }
            try judge(first, body, connection: connection)
            return false
        }
        connection.flush()
        connection.stopBlocking()
        var progress = LoadClock.now()
        while true {
            guard connection.isOpen else { throw .noAnswer(to: "a subscriber that was taking the retained set") }
            let limit = missing > target ? Self.missingMilliseconds : Self.quietMilliseconds
            let idle = (LoadClock.now() &- progress) / 1_000_000
            if idle >= limit { break }
            var descriptor = pollfd(
                fd: connection.descriptor,
                events: Int16(connection.isBlocked ? POLLIN | POLLOUT : POLLIN),
                revents: 0
            )
            guard poll(&descriptor, 1, Int32(limit - idle)) > 0 else { continue }
            if connection.isBlocked { connection.flush() }
            // Acknowledgements of one read always fit behind an empty output.
            if connection.isBlocked { continue }
            let packets = try connection.receive { (first, body) throws(LoadFailure) in
                try judge(first, body, connection: connection)
            }
            connection.flush()
            if packets > 0 { progress = LoadClock.now() }
        }
        connection.append(LoadPacket.disconnect)
        connection.flush()
    }

    private func judge(
        _ first: UInt8,
        _ body: UnsafeRawBufferPointer,
        connection: LoadConnection
    ) throws(LoadFailure) {
        guard first & 0xF0 == 0x30 else { throw .malformed("a packet of type \(first >> 4) to a subscriber") }
        let message = try ReceivedPublish(first: first, body: body, version: .mqtt311)
        if message.qos == 1 { connection.appendAcknowledgement(0x40, identifier: message.identifier) }
        guard let topic = topic(named: message.topic),
            let sequence = LoadPayload.sequence(
                of: message.payload,
                topic: topic,
                payloadBytes: record.payloadBytes
            ), sequence > 0
        else {
            foreign += 1
            return
        }
        if sequences[topic] == 0, record.verdict(topic: topic, sequence: nil) == .lost { missing -= 1 }
        sequences[topic] = max(sequences[topic], sequence)
    }

    /// The number of the topic with this name; `nil` if no load of this record publishes to it.
    private func topic(named name: UnsafeRawBufferPointer) -> Int? {
        for ordinal in 0..<record.connections {
            let naming = record.naming(topic: ordinal)
            if let topic = naming.topic(named: name), topic < record.topics {
                return record.naming(topic: topic) == naming ? topic : nil
            }
        }
        return nil
    }

    private func report() -> CheckReport {
        var report = CheckReport(topics: 0, acknowledgedTopics: 0, found: 0, lost: 0, invented: 0, foreign: foreign)
        for topic in sequences.indices {
            if record.attempted[topic] > 0 { report.topics += 1 }
            if record.acknowledged[topic] > 0 { report.acknowledgedTopics += 1 }
            let sequence = sequences[topic] > 0 ? sequences[topic] : nil
            if sequence != nil { report.found += 1 }
            switch record.verdict(topic: topic, sequence: sequence) {
            case .kept: if let sequence { record.observe(topic: topic, sequence: sequence) }
            case .lost: report.lost += 1
            case .invented: report.invented += 1
            }
        }
        return report
    }
}
