import MQTTProtocol

/// Retained messages that have been read from the store and wait until the client takes them.
///
/// A client that takes 20 messages at a time would otherwise have the store searched anew for every 20. It is part of the scan
/// that read them, and bounded by what one slice of a scan may read.
///
/// ### Invariants
/// - No value of their topics has been delivered live since they were read: ``supersede(by:)`` takes out what a live message makes
///   old (R1).
struct RetainedReadAhead {
    private var messages: [Publication] = []
    /// Those before it have been taken.
    private var next = 0

    var isEmpty: Bool { next == messages.count }

    mutating func append(_ message: Publication) {
        messages.append(message)
    }

    mutating func popFirst() -> Publication? {
        guard next < messages.count else { return nil }
        defer {
            next += 1
            if next == messages.count {
                messages.removeAll(keepingCapacity: true)
                next = 0
            }
        }
        return messages[next]
    }

    /// A newer value of a topic, or its clearing, is delivered live.
    mutating func supersede(by live: Publication) {
        live.withTopic { topic in
            removeAll { message in
                message.topicBytes == topic.count && message.withTopic { $0.elementsEqual(topic) }
            }
        }
    }

    mutating func removeAll(where isUnwanted: (Publication) -> Bool) {
        guard !isEmpty else { return }
        messages.removeFirst(next)
        next = 0
        messages.removeAll(where: isUnwanted)
    }
}
