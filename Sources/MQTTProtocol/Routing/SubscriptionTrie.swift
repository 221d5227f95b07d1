public import MQTTWire

/// All subscriptions of the broker, by topic filter: who gets a message on this topic?
///
/// A trie with one node for every level of every filter. A node's children are not kept in the node: one hash table for
/// the whole trie maps (parent, level) to a node, so that a step down is one look-up whether a node has one child or a
/// million, and matching a topic costs what its levels cost, not what the number of subscriptions is. Levels are compared
/// as bytes; no `String` is made, and matching allocates nothing in steady state.
///
/// A wildcard costs a branch: where filters have `+` beside names, both ways are walked. `#` costs nothing extra.
///
/// The trie has one owner, which serialises all access, matching included: it uses scratch memory of the trie.
///
/// ### Invariants
/// - Every node but the root leads to a subscription: nodes that no longer do are removed at once.
/// - A session stands at most once at each filter, and at most once in each group of a shared subscription.
public struct SubscriptionTrie: ~Copyable {
    /// Moves with every change, so that a match found earlier can be told to be still valid.
    public private(set) var generation: UInt64 = 0

    /// How many subscriptions there are.
    public private(set) var subscriptionCount = 0

    /// How many of them are shared ones.
    public private(set) var sharedSubscriptionCount = 0

    /// How many filter levels are stored, the root not counted.
    public var nodeCount: Int { nodes.count }

    /// By index: the sessions whose clients are away, to whom shared subscriptions give nothing while others are there.
    private var absent: Set<UInt32> = []
    /// How many subscriptions there are of each pattern of `+`.
    private var shapes: [WildcardShape: Int] = [:]
    /// How many patterns there may be.
    ///
    /// For each pattern a topic leads to one path of nodes at the most, so that a match visits no more than this number
    /// of nodes for each level of the topic, whoever subscribed to whatever. Far above what any tree of topics needs.
    public static var shapesMax: Int { 4_096 }

    var nodes: TrieNodes
    var lists: [SubscriberList] = []
    private var freeLists: [UInt32] = []

    /// The nodes that the levels walked so far lead to, those of the next level, and the lists that match.
    var frontier = NumberList()
    var nextFrontier = NumberList()
    var matchedLists = NumberList()

    /// Creates an empty trie.
    ///
    /// - Parameter hashSeed: Keys the hash of topic levels, which clients choose; unpredictable outside of tests.
    public init(hashSeed: UInt64 = .random(in: .min ... .max)) {
        nodes = TrieNodes(hash: LevelHash(seed: hashSeed))
    }

    /// Whether a subscription is new or replaced one of the same session to the same filter.
    public enum Insertion: Hashable, Sendable {
        /// The session was not subscribed to this filter.
        case added
        /// The session was, and now has these options instead [MQTT-3.8.4-3].
        case replaced
    }

    /// Subscribes a session.
    ///
    /// - Parameters:
    ///   - filter: The filter, `$share/NAME/` included.
    ///   - subscriber: The session and its options.
    @discardableResult
    public mutating func insert(_ filter: TopicFilter, _ subscriber: Subscriber) -> Insertion {
        let list = listForInsertion(filter)
        let isNew: Bool
        if filter.isShared {
            isNew = filter.withShareName { name in lists[list].insertShared(subscriber, group: name) }
        } else {
            isNew = lists[list].insert(subscriber)
        }
        generation &+= 1
        if isNew {
            subscriptionCount += 1
            if filter.isShared { sharedSubscriptionCount += 1 }
            if let shape = WildcardShape(filter) { shapes[shape, default: 0] += 1 }
        }
        return isNew ? .added : .replaced
    }

    /// Ends a subscription.
    ///
    /// - Returns: Whether there was one; if not, UNSUBACK says 0x11 (MQTT 5.0 §3.11.3).
    @discardableResult
    public mutating func remove(_ filter: TopicFilter, of handle: SubscriberHandle) -> Bool {
        let place = filter.withMatchedBytes { bytes in locate(bytes) }
        guard let place, place.list != TrieNode.none else { return false }
        let list = Int(place.list)
        let wasThere: Bool
        if filter.isShared {
            wasThere = filter.withShareName { name in lists[list].removeShared(handle, group: name) }
        } else {
            wasThere = lists[list].remove(handle)
        }
        guard wasThere else { return false }
        if lists[list].isEmpty {
            freeLists.append(place.list)
            nodes.setList(TrieNode.none, of: place.node, isMultiLevel: place.isMultiLevel)
            nodes.prune(from: place.node)
        }
        generation &+= 1
        subscriptionCount -= 1
        if filter.isShared { sharedSubscriptionCount -= 1 }
        if let shape = WildcardShape(filter), let count = shapes[shape] {
            shapes[shape] = count == 1 ? nil : count - 1
        }
        return true
    }

    /// Whether a filter may be added: it has a pattern of `+` that others have, or there is room for another.
    public func admits(_ filter: TopicFilter) -> Bool {
        guard let shape = WildcardShape(filter) else { return true }
        return shapes[shape] != nil || shapes.count < Self.shapesMax
    }

    // MARK: Presence

    /// Says whether a session's client is there; new ones are.
    public mutating func setPresence(of handle: SubscriberHandle, _ isPresent: Bool) {
        if isPresent { absent.remove(handle.index) } else { absent.insert(handle.index) }
    }

    func isPresent(_ handle: SubscriberHandle) -> Bool {
        !absent.contains(handle.index)
    }

    /// Where the subscribers of a filter are: at the node of its last level, or, where that is `#`, at the node above.
    struct Place {
        var node: UInt32
        var isMultiLevel: Bool
        var list: UInt32
    }

    func locate(_ filter: UnsafeRawBufferPointer) -> Place? {
        var node = TrieNodes.root
        for level in TopicLevels(in: filter) {
            if level.isMultiLevelWildcard {
                return Place(node: node, isMultiLevel: true, list: nodes[node].multiLevelList)
            }
            node = level.isSingleLevelWildcard ? nodes[node].singleLevelChild : nodes.child(of: node, named: level)
            guard node != TrieNode.none else { return nil }
        }
        return Place(node: node, isMultiLevel: false, list: nodes[node].list)
    }

    private mutating func listForInsertion(_ filter: TopicFilter) -> Int {
        filter.withMatchedBytes { bytes in
            var node = TrieNodes.root
            var isMultiLevel = false
            for level in TopicLevels(in: bytes) {
                if level.isMultiLevelWildcard {
                    isMultiLevel = true
                } else if level.isSingleLevelWildcard {
                    node = nodes.insertSingleLevelChild(of: node)
                } else {
                    node = nodes.insertChild(of: node, named: level)
                }
            }
            let existing = isMultiLevel ? nodes[node].multiLevelList : nodes[node].list
            if existing != TrieNode.none { return Int(existing) }
            let new = newList()
            nodes.setList(new, of: node, isMultiLevel: isMultiLevel)
            return Int(new)
        }
    }

    private mutating func newList() -> UInt32 {
        if let free = freeLists.popLast() { return free }
        lists.append(.empty)
        return UInt32(lists.count - 1)
    }
}

extension SubscriptionTrie: @unchecked Sendable {
    // All memory of a trie is owned by it alone, and it cannot be copied.
}

extension UnsafeRawBufferPointer {
    fileprivate var isSingleLevelWildcard: Bool { count == 1 && self[0] == UInt8(ascii: "+") }
    fileprivate var isMultiLevelWildcard: Bool { count == 1 && self[0] == UInt8(ascii: "#") }
}
