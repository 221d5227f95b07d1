import MQTTProtocol
import MQTTWire
import RetainedStore

/// What a store has of sessions, read when a broker starts.
struct SessionArchive: Sendable {
    /// A session as it was written down.
    struct Entry: Sendable {
        struct Waiting: Sendable {
            let delivery: Delivery
            /// What orders the messages.
            let version: UInt64
        }

        struct Outgoing: Sendable {
            let packetIdentifier: UInt16
            let state: SessionRecordState.Outgoing
        }

        struct RestoredWill: Sendable {
            let will: Will
            let number: UInt64
            /// Of two, which there are not unless records were lost, the newer one counts.
            let version: UInt64

            var place: StoredWill { StoredWill(number: number, topic: will.topic) }
        }

        let number: UInt128
        var clientID: [UInt8] = []
        var userName: [UInt8]?
        /// nil: there is no such session, only what an interrupted end has left of it.
        var state: SessionRecordState.Session?
        var version: UInt64 = 0
        var subscriptions: [(filter: TopicFilter, state: SessionRecordState.Subscription)] = []
        var messages: [UInt64: Waiting] = [:]
        var outgoing: [Outgoing] = []
        var incoming: [UInt16] = []
        var wills: [RestoredWill] = []
        /// Messages of publications that were not written down to their end, and so are nobody's.
        var unfinished: [(number: UInt64, publication: Publication)] = []
        /// Of session 0: publications that were not written down to their end, of which nothing is left.
        var forgottenNumbers: [UInt64] = []
        /// Records of the session whose state this version does not know.
        var unknownCount = 0
    }

    /// Those whose clients may come back.
    private(set) var sessions: [Entry] = []
    /// What is left of others, to be removed.
    private(set) var remains: [Entry] = []
    /// The greatest number that a message or a will was written down under.
    private(set) var recordNumberMax: UInt64 = 0
    /// Records that are not what was stored there, which were passed over: how many, and the first.
    private(set) var damagedCount = 0
    private(set) var firstDamage: Damage?
    /// Records of a kind or a state that this version does not know, passed over, too.
    private(set) var unknownCount = 0

    /// Reads everything.
    ///
    /// - Parameter unixMilliseconds: The time; sessions that have expired by then, and have no will, are remains.
    init(_ reader: StoreReader, now unixMilliseconds: UInt64) throws(StoreError) {
        var entries: [UInt128: Entry] = [:]
        var unfinished: [Range<UInt64>] = []
        var numberMax: UInt64 = 0
        var damage: [Damage] = []
        try reader.forEachSessionRecord { record in
            if record.kind == .unfinished, let numbers = record.unfinishedNumbers {
                unfinished.append(numbers)
                numberMax = max(numberMax, numbers.upperBound)
                return
            }
            entries[record.session, default: Entry(number: record.session)].take(record)
            if record.kind == .message || record.kind == .will { numberMax = max(numberMax, record.number) }
        } damaged: { (found) throws(StoreError) in
            damage.append(found)
        }
        recordNumberMax = numberMax
        damagedCount = damage.count
        firstDamage = damage.first
        unknownCount = entries.values.reduce(0) { $0 + $1.unknownCount }
        for numbers in unfinished {
            var isForgotten = true
            for key in entries.keys where entries[key]?.withdraw(numbers) == true { isForgotten = false }
            if isForgotten { entries[0, default: Entry(number: 0)].forgottenNumbers.append(numbers.lowerBound) }
        }
        var current: [[UInt8]: Entry] = [:]
        for entry in entries.values {
            // One that has expired with a will is taken up once more, to publish it.
            guard let state = entry.state, !state.hasExpired(at: unixMilliseconds) || !entry.wills.isEmpty else {
                remains.append(entry)
                continue
            }
            // A clean start that was interrupted leaves two; the later one counts.
            guard let other = current[entry.clientID] else {
                current[entry.clientID] = entry
                continue
            }
            remains.append(other.version > entry.version ? entry : other)
            if entry.version > other.version { current[entry.clientID] = entry }
        }
        sessions = Array(current.values)
        // What belongs to a session whose own record is damaged is for its owner to save.
        if damagedCount + unknownCount > 0 { remains = [] }
    }
}

extension SessionArchive.Entry {
    /// Takes the messages with these numbers away; returns whether there were any.
    fileprivate mutating func withdraw(_ numbers: Range<UInt64>) -> Bool {
        let found = messages.filter { numbers.contains($0.key) }
        for (number, message) in found {
            unfinished.append((number, message.delivery.publication))
            messages[number] = nil
        }
        return !found.isEmpty
    }

    fileprivate mutating func take(_ record: SessionRecord) {
        let isTaken =
            switch record.kind {
            case .session: takeSession(record)
            case .subscription: takeSubscription(record)
            case .message: takeMessage(record)
            case .outgoing: takeOutgoing(record)
            case .incoming: takeIncoming(record)
            case .will: takeWill(record)
            // One whose state this version knows is of no session.
            case .unfinished: false
            }
        if !isTaken { unknownCount += 1 }
    }

    private mutating func takeSession(_ record: SessionRecord) -> Bool {
        guard let state = SessionRecordState.Session(record.state) else { return false }
        self.state = state
        clientID = Array(record.name)
        userName = state.hasUserName ? Array(record.payload) : nil
        version = record.version
        return true
    }

    private mutating func takeSubscription(_ record: SessionRecord) -> Bool {
        guard let state = SessionRecordState.Subscription(record.state),
            let filter = try? TopicFilter(bytes: Array(record.name))
        else { return false }
        subscriptions.append((filter, state))
        return true
    }

    private mutating func takeMessage(_ record: SessionRecord) -> Bool {
        guard let state = SessionRecordState.Message(record.state), let qos = QoS(rawValue: record.qos) else {
            return false
        }
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        let publication = Publication(
            topic: record.name,
            payload: record.payload,
            forwardedProperties: record.properties,
            qos: qos,
            isRetained: state.isPublishedAsRetained,
            expiryUnixSeconds: record.expiryTimeSeconds,
            retainedVersion: 0,
            clientID: none,
            userName: nil,
            listenerPort: 0
        )
        messages[record.number] = Waiting(
            delivery: Delivery(
                restored: publication,
                recordNumber: record.number,
                qos: state.qos,
                isRetained: state.isRetained,
                isShared: state.isShared,
                identifiers: state.identifiers
            ),
            version: record.version
        )
        return true
    }

    private mutating func takeOutgoing(_ record: SessionRecord) -> Bool {
        guard let state = SessionRecordState.Outgoing(record.state), let identifier = record.identifier else {
            return false
        }
        outgoing.append(Outgoing(packetIdentifier: identifier, state: state))
        return true
    }

    private mutating func takeIncoming(_ record: SessionRecord) -> Bool {
        guard let identifier = record.identifier else { return false }
        incoming.append(identifier)
        return true
    }

    private mutating func takeWill(_ record: SessionRecord) -> Bool {
        guard let state = SessionRecordState.Will(record.state), let qos = QoS(rawValue: record.qos),
            let topic = try? TopicName(bytes: Array(record.name))
        else { return false }
        let will = Will(
            topic: topic,
            payload: Array(record.payload),
            qos: qos,
            isRetained: state.isRetained,
            delaySeconds: state.delaySeconds,
            messageExpirySeconds: state.messageExpirySeconds,
            forwardedProperties: Array(record.properties)
        )
        wills.append(RestoredWill(will: will, number: record.number, version: record.version))
        return true
    }
}

extension SessionRecord {
    /// The numbers that a publication's messages have.
    fileprivate var unfinishedNumbers: Range<UInt64>? {
        guard let state = SessionRecordState.Unfinished(state) else { return nil }
        let (end, overflow) = number.addingReportingOverflow(state.count)
        return overflow ? nil : number..<end
    }

    /// The packet identifier that the number is.
    fileprivate var identifier: UInt16? {
        UInt16(exactly: number).flatMap { $0 == 0 ? nil : $0 }
    }
}

extension SessionRecordState.Session {
    /// Whether the session of a client that is away has come to its end.
    func hasExpired(at unixMilliseconds: UInt64) -> Bool {
        guard awaySinceMilliseconds != 0, expirySeconds != .max else { return false }
        return awaySinceMilliseconds + UInt64(expirySeconds) * 1_000 <= unixMilliseconds
    }
}
