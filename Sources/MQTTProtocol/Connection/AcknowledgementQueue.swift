public import MQTTWire

/// The acknowledgements that one connection owes its client, in the order in which the messages came.
///
/// The acknowledgement of a retained message waits until the journal is durable up to the message's log sequence number
/// (LSN). Those of other messages need not wait for the disk, but they may not overtake: PUBACKs are sent in the order
/// of their PUBLISH packets [MQTT-4.6.0-2], PUBRECs in the order of theirs [MQTT-4.6.0-3]. One queue for both kinds is
/// stricter than the standard asks and needs no second look at what may pass what.
///
/// PUBREL and PUBCOMP have no place here. A PUBCOMP answers a PUBREL, which answers a PUBREC that has left this queue,
/// so that the message is durable already; and the standard orders only PUBREL, by the PUBRECs received [MQTT-4.6.0-4],
/// which `Session` does by answering each at once.
///
/// The queue does not know where the permission to acknowledge comes from: it compares numbers.
public struct AcknowledgementQueue: ~Copyable {
    // Not private: Swift 6.3's optimiser breaks clients of a noncopyable type that stores a private one.
    struct Entry {
        var durableLSN: UInt64
        var acknowledgement: Acknowledgement
    }

    private var entries = RingBuffer<Entry>()

    /// The number of acknowledgements from which `isFull` asks for a pause.
    public let countMax: Int

    /// Creates an empty queue.
    ///
    /// - Parameter countMax: `ProtocolLimits.acknowledgementQueueCountMax`; a client of MQTT 5.0 is held to its receive
    ///   maximum long before.
    public init(countMax: Int) {
        self.countMax = countMax
    }

    /// The number of acknowledgements owed.
    public var count: Int { entries.count }

    /// Whether nothing is owed.
    public var isEmpty: Bool { entries.isEmpty }

    /// Whether reading from the connection should pause until acknowledgements have been released.
    ///
    /// A pause, not an error: MQTT 3.1.1 has no receive maximum that a client could violate. What a read batch already
    /// holds may still be appended.
    public var isFull: Bool { entries.count >= countMax }

    /// The LSN that the foremost acknowledgement waits for, or nil if nothing is owed.
    public var awaitedLSN: UInt64? { entries.first?.durableLSN }

    /// Queues an acknowledgement behind all earlier ones.
    ///
    /// - Parameters:
    ///   - acknowledgement: What is owed.
    ///   - durableLSN: The LSN up to which the journal must be durable first; 0 if the message was not retained.
    public mutating func append(_ acknowledgement: Acknowledgement, durableLSN: UInt64 = 0) {
        entries.append(Entry(durableLSN: durableLSN, acknowledgement: acknowledgement))
    }

    /// Hands out, in order, the acknowledgements that need wait no longer, and forgets them.
    ///
    /// It stops at the first that must still wait, whatever stands behind it.
    ///
    /// - Parameters:
    ///   - durableLSN: The LSN up to which the journal is durable.
    ///   - send: Called once for each acknowledgement.
    /// - Returns: How many were handed out.
    @discardableResult
    public mutating func release(upTo durableLSN: UInt64, _ send: (Acknowledgement) -> Void) -> Int {
        var released = 0
        while released < entries.count {
            let entry = entries[released]
            guard entry.durableLSN <= durableLSN else { break }
            send(entry.acknowledgement)
            released += 1
        }
        entries.removeFirst(released)
        return released
    }

    /// Forgets everything that is owed, when the connection is gone: acknowledgements belong to the connection.
    public mutating func removeAll() {
        entries.removeAll()
    }
}
