import MQTTProtocol
import MQTTWire
import RetainedStore

/// What a session that is written down has beside its state: the name that its records have, and the changes that wait.
///
/// It belongs to the session's event loop, and outlives the session until everything of it is gone.
final class StoredSession {
    /// The session's name in the store.
    let number: UInt128
    /// Where more changes come from; `nil` once the session is written down no longer.
    var session: Session?
    /// What has not been written down yet.
    var pending: [StoredChange] = []
    /// Whether the loop knows that something waits.
    var isNoted = false
    /// The will that is written down, or waits to be.
    var will: StoredWill?

    init(number: UInt128, session: Session?) {
        self.number = number
        self.session = session
    }

    var hasChanges: Bool { !pending.isEmpty || session?.hasChanges == true }
}

extension StoredChange {
    /// Puts the change into a batch of the store's.
    ///
    /// - Parameters:
    ///   - session: The session's name in the store.
    ///   - scratch: Keeps what the batch points to; the change itself must stay, too.
    func add(to writer: StoreWriter, session: UInt128, _ scratch: RecordScratch) {
        switch self {
        case .session(let state, let clientID, let userName, let will, let replaced):
            // All in one batch: a will is published under the rights of the user that the session's record names.
            will?.add(to: writer, session: session, scratch)
            if let replaced { remove(replaced, from: writer, session: session, scratch) }
            let bytes = scratch.take(SessionRecordState.Session.bytes)
            state.write(to: bytes)
            var record = SessionRecord(
                session: session,
                kind: .session,
                name: scratch.copy(clientID),
                state: UnsafeRawBufferPointer(bytes)
            )
            record.payload = scratch.copy(userName)
            writer.set(record)
        case .subscribed(let filter, let subscriber):
            let bytes = scratch.take(SessionRecordState.Subscription.bytes)
            SessionRecordState.Subscription(
                maximumQoS: subscriber.maximumQoS,
                isNoLocal: subscriber.isNoLocal,
                isRetainAsPublished: subscriber.isRetainAsPublished,
                identifier: subscriber.identifier
            ).write(to: bytes)
            writer.set(
                SessionRecord(
                    session: session,
                    kind: .subscription,
                    name: scratch.copy(filter.bytes),
                    state: UnsafeRawBufferPointer(bytes)
                )
            )
        case .unsubscribed(let filter):
            writer.clear(SessionRecord(session: session, kind: .subscription, name: scratch.copy(filter.bytes)))
        case .exchange(let change):
            change.add(to: writer, session: session, scratch)
        case .willRemoved(let will):
            remove(will, from: writer, session: session, scratch)
        case .unfinishedRemoved(let number):
            writer.clearUnfinished(number)
        case .ended:
            writer.clear(SessionRecord(session: session, kind: .session, name: scratch.copy([0])))
        }
    }

    private func remove(_ will: StoredWill, from writer: StoreWriter, session: UInt128, _ scratch: RecordScratch) {
        writer.clear(
            SessionRecord(session: session, kind: .will, number: will.number, name: scratch.copy(will.topic.bytes))
        )
    }

    /// Bytes of messages that the change brings along.
    var messageBytes: Int {
        switch self {
        case .exchange(.stored(let delivery)): delivery.publication.payloadBytes
        case .session(_, _, _, let will, _): will?.payloadBytes ?? 0
        case .exchange, .subscribed, .unsubscribed, .willRemoved, .unfinishedRemoved, .ended: 0
        }
    }
}

extension SessionChange {
    fileprivate func add(to writer: StoreWriter, session: UInt128, _ scratch: RecordScratch) {
        switch self {
        case .stored(let delivery):
            let publication = delivery.publication
            // What a publication points to neither moves nor goes while somebody has it.
            publication.withBytes { topic, properties, payload in
                writer.setMessage(
                    session: session,
                    number: delivery.recordNumber,
                    SessionRecordState.Message(delivery),
                    topic: topic,
                    properties: properties,
                    payload: payload,
                    qos: publication.qos,
                    expiryUnixSeconds: publication.expiryUnixSeconds,
                    scratch
                )
            }
        case .sent(let identifier, let number, let sequence):
            writer.setOutgoing(session, identifier, number, sequence, scratch)
        case .released(let identifier, let sequence):
            writer.setOutgoing(session, identifier, 0, sequence, scratch)
        case .finished(let identifier):
            writer.clear(SessionRecord(session: session, kind: .outgoing, number: UInt64(identifier)))
        case .removed(let number, let publication):
            publication.withTopic { topic in
                writer.clear(SessionRecord(session: session, kind: .message, number: number, name: topic))
            }
        case .received(let identifier):
            writer.clear(SessionRecord(session: session, kind: .incoming, number: UInt64(identifier)))
        }
    }
}

extension StoreWriter {
    /// Adds a message for a session to the batch.
    func setMessage(
        session: UInt128,
        number: UInt64,
        _ message: SessionRecordState.Message,
        topic: UnsafeRawBufferPointer,
        properties: UnsafeRawBufferPointer,
        payload: UnsafeRawBufferPointer,
        qos: QoS,
        expiryUnixSeconds: UInt64,
        _ scratch: RecordScratch
    ) {
        let state = scratch.take(message.bytes)
        message.write(to: state)
        var record = SessionRecord(
            session: session,
            kind: .message,
            number: number,
            name: topic,
            state: UnsafeRawBufferPointer(state)
        )
        record.properties = properties
        record.payload = payload
        record.qos = qos.rawValue
        record.expiryTimeSeconds = expiryUnixSeconds
        set(record)
    }

    /// Adds the identifier of a message of QoS 2 that a client has sent to the batch.
    func setIncoming(session: UInt128, _ identifier: UInt16, _ scratch: RecordScratch) {
        let state = scratch.take(SessionRecordState.incomingBytes)
        state[0] = SessionRecordState.version
        set(
            SessionRecord(
                session: session,
                kind: .incoming,
                number: UInt64(identifier),
                state: UnsafeRawBufferPointer(state)
            )
        )
    }

    /// Adds that the messages with these numbers are nobody's yet to the batch.
    func setUnfinished(_ numbers: Range<UInt64>, _ scratch: RecordScratch) {
        let state = scratch.take(SessionRecordState.Unfinished.bytes)
        SessionRecordState.Unfinished(count: UInt64(numbers.count)).write(to: state)
        set(
            SessionRecord(
                session: 0,
                kind: .unfinished,
                number: numbers.lowerBound,
                state: UnsafeRawBufferPointer(state)
            )
        )
    }

    /// Adds that they belong to their sessions, or are gone, to the batch.
    ///
    /// - Parameter number: The first of them.
    func clearUnfinished(_ number: UInt64) {
        clear(SessionRecord(session: 0, kind: .unfinished, number: number))
    }

    fileprivate func setOutgoing(
        _ session: UInt128,
        _ identifier: UInt16,
        _ messageNumber: UInt64,
        _ sequence: UInt64,
        _ scratch: RecordScratch
    ) {
        let state = scratch.take(SessionRecordState.Outgoing.bytes)
        SessionRecordState.Outgoing(messageNumber: messageNumber, sequence: sequence).write(to: state)
        set(
            SessionRecord(
                session: session,
                kind: .outgoing,
                number: UInt64(identifier),
                state: UnsafeRawBufferPointer(state)
            )
        )
    }
}

extension SessionRecordState.Message {
    fileprivate init(_ delivery: Delivery) {
        self.init(
            qos: delivery.qos,
            isRetained: delivery.isRetained,
            isShared: delivery.isShared,
            isPublishedAsRetained: delivery.publication.isRetained,
            identifiers: delivery.identifiers
        )
    }
}

extension RecordScratch {
    /// A copy of some bytes, at most 65,535.
    func copy(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
        let copy = take(bytes.count)
        copy.copyBytes(from: bytes)
        return UnsafeRawBufferPointer(copy)
    }
}
