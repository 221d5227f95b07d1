/// What a broker has promised, topic by topic: the newest sequence number that was acknowledged, and the newest attempted.
///
/// A load fills it in while it runs, a check reads it after the broker was killed and started again. Whatever the broker
/// then holds for a topic must lie between the two: older would be a broken promise, newer would be an invention.
/// Runs of one record continue its numbering, so that sequence numbers of a topic only ever grow.
final class AcknowledgementRecord {
    /// How the topics were named and shared out; every run of one record keeps to it.
    let topicPrefix: String
    let connections: Int
    let payloadBytes: Int
    /// By topic; 0 means none.
    private(set) var acknowledged: [UInt64]
    private(set) var attempted: [UInt64]
    /// The newest attempt to clear the topic.
    private(set) var clearAttempted: [UInt64]
    /// Larger than every sequence number before this run.
    private(set) var nextSequence: UInt64 = 1

    init(topics: Int, topicPrefix: String, connections: Int, payloadBytes: Int) {
        self.topicPrefix = topicPrefix
        self.connections = connections
        self.payloadBytes = payloadBytes
        acknowledged = [UInt64](repeating: 0, count: topics)
        attempted = acknowledged
        clearAttempted = acknowledged
    }

    var topics: Int { attempted.count }

    func naming(topic: Int) -> TopicNaming {
        TopicNaming(prefix: LoadPlan.expand(topicPrefix, connection: topic % connections), topics: topics)
    }

    /// A message is on its way.
    @inline(__always)
    func attempt(topic: Int, sequence: UInt64, isClear: Bool) {
        attempted[topic] = sequence
        if isClear { clearAttempted[topic] = sequence }
    }

    /// A message was acknowledged.
    @inline(__always)
    func acknowledge(topic: Int, sequence: UInt64) {
        if sequence > acknowledged[topic] { acknowledged[topic] = sequence }
    }

    /// What it means that a topic holds this sequence number, or nothing, after the broker was started again.
    ///
    /// - Parameter sequence: of the retained message; `nil` if there is none.
    func verdict(topic: Int, sequence: UInt64?) -> RecordVerdict {
        guard let sequence else {
            // A clear that was attempted after the acknowledged message, or is that message, explains the gap.
            if acknowledged[topic] == 0 || clearAttempted[topic] >= acknowledged[topic] { return .kept }
            return .lost
        }
        if sequence < acknowledged[topic] { return .lost }
        return sequence > attempted[topic] ? .invented : .kept
    }

    /// Ends a run: the next one's sequence numbers begin behind all that were attempted.
    func endRun() {
        nextSequence = (attempted.max() ?? 0) + 1
    }

    /// A check has seen the topic at this sequence number: from now on that must not be lost either.
    func observe(topic: Int, sequence: UInt64) {
        acknowledge(topic: topic, sequence: sequence)
    }

    private func restore(topic: Int, acknowledged: UInt64, attempted: UInt64, clearAttempted: UInt64) {
        self.acknowledged[topic] = acknowledged
        self.attempted[topic] = attempted
        self.clearAttempted[topic] = clearAttempted
        nextSequence = max(nextSequence, attempted + 1)
    }
}

// MARK: Text

extension AcknowledgementRecord {
    private static let title = "latch-load-record 1"

    /// The record as text: four lines that say how topics are named, then a line for every topic that was attempted.
    ///
    /// ```
    /// latch-load-record 1
    /// topics 1000 connections 4 payload-bytes 200
    /// prefix bench
    /// topic acknowledged attempted clear-attempted
    /// 17 3 4 0
    /// ```
    var text: String {
        var lines = [
            Self.title,
            "topics \(topics) connections \(connections) payload-bytes \(payloadBytes)",
            "prefix \(topicPrefix)",
            "topic acknowledged attempted clear-attempted",
        ]
        for topic in attempted.indices where attempted[topic] > 0 {
            lines.append("\(topic) \(acknowledged[topic]) \(attempted[topic]) \(clearAttempted[topic])")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads what ``text`` wrote.
    ///
    /// - Parameter path: for the error's message.
    convenience init(text: String, path: String) throws(LoadFailure) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        func problem(_ line: Int, _ problem: String) -> LoadFailure {
            .record(path: path, line: line + 1, problem: problem)
        }
        guard lines.count >= 4, lines[0] == Self.title else { throw problem(0, "not a load's record of this version") }
        let shape = lines[1].split(separator: " ")
        guard shape.count == 6, shape[0] == "topics", shape[2] == "connections", shape[4] == "payload-bytes",
            let topics = Int(shape[1]), let connections = Int(shape[3]), let payloadBytes = Int(shape[5]),
            (1...LoadPlan.topicsMax).contains(topics), (1...LoadPlan.connectionsMax).contains(connections)
        else { throw problem(1, "expected 'topics N connections N payload-bytes N'") }
        guard lines[2].hasPrefix("prefix ") else { throw problem(2, "expected 'prefix TEXT'") }
        self.init(
            topics: topics,
            topicPrefix: String(lines[2].dropFirst("prefix ".count)),
            connections: connections,
            payloadBytes: payloadBytes
        )
        for (index, line) in lines.enumerated().dropFirst(4) where !line.isEmpty {
            let fields = line.split(separator: " ").map { UInt64($0) }
            guard fields.count == 4, let topic = fields[0], topic < UInt64(topics), let acknowledged = fields[1],
                let attempted = fields[2], let clearAttempted = fields[3], acknowledged <= attempted,
                clearAttempted <= attempted, attempted < UInt64.max
            else { throw problem(index, "expected topic, acknowledged, attempted and clear-attempted") }
            restore(
                topic: Int(topic),
                acknowledged: acknowledged,
                attempted: attempted,
                clearAttempted: clearAttempted
            )
        }
    }
}
