import MQTTWire
import Synchronization

/// The current values of `$SYS`: written once an interval, read by every new subscriber.
///
/// They are not retained messages: the store never sees them, and after a restart there are none until the first interval.
final class SystemTopics: Sendable {
    private let values = Mutex<[String: String]>([:])

    /// Puts values in the place of older ones.
    ///
    /// - Returns: those that have changed.
    func update(_ new: [(topic: String, value: String)]) -> [(topic: String, value: String)] {
        values.withLock { values in
            new.filter { values.updateValue($0.value, forKey: $0.topic) != $0.value }
        }
    }

    /// The values that a new subscription gets, by topic.
    func matching(_ filter: TopicFilter) -> [(topic: String, value: String)] {
        // Wildcards in front do not match `$` [MQTT-4.7.2-1], and hardly any other filter begins so.
        guard filter.withMatchedBytes({ $0.first }) == UInt8(ascii: "$") else { return [] }
        return values.withLock { values in
            values.filter { topic, _ in Array(topic.utf8).withUnsafeBytes { filter.matches(topic: $0) } }
                .map { (topic: $0.key, value: $0.value) }.sorted { $0.topic < $1.topic }
        }
    }
}
