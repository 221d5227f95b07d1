/// The sessions that one message goes to, each once.
///
/// A session whose subscriptions overlap gets a message once, at the highest quality of service that matches, with all
/// subscription identifiers. Merging costs one look into a table by `SubscriberHandle.index`; there is no hashing, and
/// emptying the set for the next message costs nothing. Keep one set and use it again.
public struct MatchSet: Sendable {
    /// The first `count` count; what stands behind them is of earlier messages and is overwritten.
    private var matches: [Match] = []
    /// How many sessions the message goes to.
    public private(set) var count = 0
    /// By subscriber index: the round in the upper half, the position among `matches` in the lower. An entry of an
    /// earlier round means nothing, so that a new round need not clear the table.
    private var positions: [UInt64] = []
    private var round: UInt32 = 1

    /// Creates an empty set.
    public init() {}

    /// Whether nobody matches.
    public var isEmpty: Bool { count == 0 }

    /// The session at a position below `count`, in the order in which they were found.
    public subscript(position: Int) -> Match {
        precondition(position >= 0 && position < count, "position outside of the set")
        return matches[position]
    }

    /// Empties the set and keeps its memory.
    public mutating func removeAll() {
        count = 0
        if round == .max {
            positions.removeAll(keepingCapacity: true)
            round = 0
        }
        round += 1
    }

    /// Adds a subscription of a session that is known not to be in the set, or whose delivery stands for itself, as
    /// that of a shared subscription does (MQTT 5.0 §4.8.2).
    mutating func append(_ subscriber: Subscriber, isShared: Bool = false) {
        if count == matches.count {
            matches.append(Match(subscriber, isShared: isShared))
        } else {
            matches[count] = Match(subscriber, isShared: isShared)
        }
        count += 1
    }

    /// Adds a subscription, merging it with what the set holds for its session.
    mutating func insert(_ subscriber: Subscriber) {
        let index = Int(subscriber.handle.index)
        if index >= positions.count {
            positions.append(contentsOf: repeatElement(0, count: index + 1 - positions.count))
        }
        let entry = positions[index]
        if entry >> 32 == UInt64(round) {
            matches[Int(truncatingIfNeeded: entry & 0xFFFF_FFFF)].merge(subscriber)
        } else {
            positions[index] = UInt64(round) << 32 | UInt64(count)
            append(subscriber)
        }
    }
}
