/// The topics that the broker names by number towards one client (MQTT 5.0 §3.3.2.3.4): alive for one connection.
///
/// The first topics get an alias each, until there are no more: what a client hears most, it hears early, and an alias
/// that never changes its topic needs no bookkeeping.
public struct OutboundTopicAliases {
    private let aliasMax: Int
    private let hash = LevelHash(seed: .random(in: .min ... .max))
    /// By alias, from 1 on.
    private var topics: [[UInt8]] = []
    private var aliases: [UInt64: UInt16] = [:]

    /// A shorter topic than an alias takes none: the property has three bytes.
    private static var topicBytesMin: Int { 4 }

    /// What becomes of a topic.
    public enum Use: Equatable, Sendable {
        /// The alias stands for the topic, which is left out.
        case known(UInt16)
        /// The alias is sent with the topic, and stands for it from then on.
        case new(UInt16)
        /// The topic is sent as it is.
        case none
    }

    /// - Parameter aliasMax: the highest alias that both the client (§3.1.2.11.5) and `max_topic_alias_broker` allow.
    public init(aliasMax: UInt16) {
        self.aliasMax = Int(aliasMax)
    }

    /// How a topic is sent; a new alias counts as sent from now on.
    ///
    /// - Parameters:
    ///   - topic: The topic name.
    ///   - mayAdd: Whether the packet has room for an alias beside the topic.
    public mutating func use(_ topic: UnsafeRawBufferPointer, mayAdd: Bool = true) -> Use {
        guard topic.count >= Self.topicBytesMin else { return .none }
        let key = hash.hash(topic)
        if let alias = aliases[key] {
            return topics[Int(alias) - 1].elementsEqual(topic) ? .known(alias) : .none
        }
        guard mayAdd, topics.count < aliasMax else { return .none }
        topics.append(Array(topic))
        let alias = UInt16(topics.count)
        aliases[key] = alias
        return .new(alias)
    }
}
