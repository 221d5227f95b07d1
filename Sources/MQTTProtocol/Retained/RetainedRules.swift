public import MQTTWire

/// When a subscription is sent retained messages, and which of them.
public enum RetainedRules {
    /// Whether SUBSCRIBE is answered with the retained messages that match the filter.
    ///
    /// - Parameters:
    ///   - filter: The filter; a shared subscription gets none (MQTT 5.0 §3.3.1.3).
    ///   - handling: What the client asked for [MQTT-3.3.1-9], [MQTT-3.3.1-10], [MQTT-3.3.1-11].
    ///   - exists: Whether the session was subscribed to this filter before.
    public static func isSent(to filter: TopicFilter, handling: RetainHandling, exists: Bool) -> Bool {
        if filter.isShared { return false }
        switch handling {
        case .always: return true
        case .ifNew: return !exists
        case .never: return false
        }
    }

    /// Whether a retained message is left out because the subscriber published it and asked not to get its own.
    ///
    /// The retained message names its publisher by client identifier, as the session it came from may have ended.
    public static func isExcluded(_ publication: Publication, from clientID: [UInt8], isNoLocal: Bool) -> Bool {
        guard isNoLocal else { return false }
        return publication.withOrigin { publisher, _ in
            publisher.count == clientID.count && publisher.elementsEqual(clientID)
        }
    }

    /// What a PUBLISH with the RETAIN flag does to the store.
    public enum Effect: Hashable, Sendable {
        /// It replaces what the topic has [MQTT-3.3.1-5].
        case set
        /// It removes what the topic has [MQTT-3.3.1-6]; it is passed on all the same.
        case clear
    }

    /// What a PUBLISH with the RETAIN flag does to the store: an empty payload clears (§3.3.1.3).
    public static func effect(payloadBytes: Int) -> Effect {
        payloadBytes == 0 ? .clear : .set
    }
}
