import MQTTWire
import Mosquitto

extension RetainedMessage {
    /// Why this cannot be a retained message of MQTT, in a clause that repeats nothing of it; `nil` if it can.
    var problem: String? {
        do throws(DecodingError) {
            _ = try TopicName(bytes: topic)
        } catch {
            return "its topic is no topic name of MQTT"
        }
        if payload.isEmpty { return "its payload is empty, which clears a topic" }
        if payload.count > WireLimits.remainingLengthMax - topic.count - properties.count - 8 {
            return "its payload is larger than a packet of MQTT"
        }
        if QoS(rawValue: qos) == nil { return "its QoS is \(qos)" }
        let areForwarded = properties.withUnsafeBytes { (try? ForwardedProperties(validating: $0)) != nil }
        return areForwarded ? nil : "its properties are none that MQTT 5.0 forwards"
    }

    /// Whether a subscriber would receive the same from the same publisher.
    ///
    /// The time of publication and the listener's port do not count: few sources know the first, and mosquitto forgets the
    /// second when it loads a file without having such a listener.
    func isSame(as other: RetainedMessage) -> Bool {
        guard topic == other.topic, payload == other.payload, qos == other.qos, expirySeconds == other.expirySeconds,
            clientID == other.clientID, userName == other.userName
        else { return false }
        if properties == other.properties { return true }
        // Some sources do not keep the order of properties of different kinds, which means nothing.
        guard let ours = try? PropertyJSON.list(properties), let theirs = try? PropertyJSON.list(other.properties)
        else {
            return false
        }
        return ours == theirs
    }
}
