import Glibc
import MQTTWire
import Mosquitto

extension LiveBroker {
    /// MQTT does not say where a retained set ends: nothing for this long, with a PINGREQ answered in between.
    private static let quietMilliseconds: UInt64 = 700
    /// Topics that are asked for together: what any broker's queue has room for.
    private static let topicsAtOnceMax = 500
    /// The topic in which mosquitto and its kin say how many messages they retain, those below `$SYS` included.
    private static let countTopic = "$SYS/broker/retained messages/count"

    /// Subscribes and takes the retained messages.
    ///
    /// - Parameter filters: empty: `#`.
    /// - Throws: ``CommandFailure``, also where a filter is refused.
    func takeRetained(_ filters: [TopicFilter]) throws(CommandFailure) -> ListedSource {
        let filters = filters.isEmpty ? [TopicFilter("#")] : filters
        var taking = Taking()
        try subscribe(filters, at: .atMostOnce, into: &taking)
        for (filter, code) in zip(filters, taking.granted ?? []) where code.isError {
            throw failure(
                "refuses the subscription to \(filter): \(code); connect as a user who may read it, or give --filter"
            )
        }
        try drain(&taking)
        try learnQoS(&taking)
        var source = ListedSource(
            name: place,
            items: taking.messages.values.map { .message($0) }
        )
        source.notes.append("a broker does not tell who published a message: what came from it has no publisher")
        if filters == ["#"], let announced = try announcedCount(), announced > taking.messages.count {
            // mosquitto counts its own $SYS topics in, some tens, and brings the figure up to date every ten seconds.
            source.notes.append(
                """
                the broker says that it retains \(announced) messages, its own $SYS topics among them, and \
                \(taking.messages.count) came: if many are missing, import its file instead, or one filter after the other
                """
            )
        } else {
            source.notes.append(
                "a broker may drop what a client's queue has no room for, and tells nobody: its file is the surer source"
            )
        }
        return source
    }

    /// What has come so far; a later message of a topic takes the earlier one's place.
    private struct Taking {
        var messages: [[UInt8]: RetainedMessage] = [:]
        var granted: [ReasonCode]?
        var isPingAnswered = false
        var received = 0
        /// Topics that have been asked for again and have not come yet.
        var awaited: Set<[UInt8]> = []
        var lastIdentifier: UInt16 = 0
        /// Packet identifiers to be answered, with the kind of answer.
        var owed: [Acknowledgement] = []
    }

    private func subscribe(
        _ filters: [TopicFilter],
        at qos: QoS,
        into taking: inout Taking
    ) throws(CommandFailure) {
        taking.lastIdentifier += 1
        taking.granted = nil
        let subscribe = Subscribe(
            packetIdentifier: taking.lastIdentifier,
            subscriptions: filters.map { Subscription(filter: $0, maximumQoS: qos, isRetainAsPublished: true) }
        )
        try send { subscribe.write(to: &$0, version: .v50) }
        while taking.granted == nil {
            guard try take(&taking, withinMilliseconds: 30_000) else { throw failure("does not answer SUBSCRIBE") }
        }
    }

    /// Asks for every topic again, at the highest QoS and few at a time.
    ///
    /// mosquitto sends a subscriber `max_inflight_messages` and queues `max_queued_messages` of QoS 1 and 2, 1,020 as it
    /// comes, and drops the rest of a retained set; at QoS 0 it sends all, without the QoS that they were published with.
    private func learnQoS(_ taking: inout Taking) throws(CommandFailure) {
        var rest = Array(taking.messages.keys)[...]
        while !rest.isEmpty {
            let topics = rest.prefix(Self.topicsAtOnceMax)
            rest = rest.dropFirst(topics.count)
            let filters = topics.compactMap { try? TopicFilter(bytes: $0) }
            taking.awaited = Set(topics)
            try subscribe(filters, at: .exactlyOnce, into: &taking)
            // What was cleared meanwhile does not come.
            while !taking.awaited.isEmpty, try take(&taking, withinMilliseconds: Self.quietMilliseconds) {}
        }
    }

    private func drain(_ taking: inout Taking) throws(CommandFailure) {
        var isQuiet = false
        while !isQuiet {
            taking.isPingAnswered = false
            let before = taking.received
            try send { Ping.writeRequest(to: &$0) }
            while !taking.isPingAnswered {
                guard try take(&taking, withinMilliseconds: 30_000) else { throw failure("does not answer PINGREQ") }
            }
            while try take(&taking, withinMilliseconds: Self.quietMilliseconds) {}
            isQuiet = taking.received == before
        }
    }

    private func announcedCount() throws(CommandFailure) -> Int? {
        guard let filter = try? TopicFilter(Self.countTopic) else { return nil }
        var taking = Taking()
        taking.lastIdentifier = .max - 1
        try subscribe([filter], at: .atMostOnce, into: &taking)
        while taking.messages.isEmpty, try take(&taking, withinMilliseconds: Self.quietMilliseconds) {}
        return taking.messages.values.first.flatMap { Int(String(decoding: $0.payload, as: UTF8.self)) }
    }

    /// Takes one packet and answers it.
    private func take(_ taking: inout Taking, withinMilliseconds limit: UInt64) throws(CommandFailure) -> Bool {
        let isTaken = try next(withinMilliseconds: limit) { (frame) throws(DecodingError) in
            switch frame.type {
            case .publish:
                let publish = try PublishView(frame, version: .v50)
                taking.received += 1
                taking.awaited.remove(Array(publish.topic))
                // What is published meanwhile is newer than what was retained; a clear takes it away again.
                taking.messages[Array(publish.topic)] =
                    publish.isRetained && !publish.payload.isEmpty ? Self.message(publish) : nil
                switch publish.qos {
                case .atMostOnce: break
                case .atLeastOnce: taking.owed.append(.init(.puback, packetIdentifier: publish.packetIdentifier))
                case .exactlyOnce: taking.owed.append(.init(.pubrec, packetIdentifier: publish.packetIdentifier))
                }
            case .pubrel:
                let release = try Acknowledgement(frame, version: .v50)
                taking.owed.append(.init(.pubcomp, packetIdentifier: release.packetIdentifier))
            case .suback: taking.granted = try Suback(frame, version: .v50).reasonCodes
            case .pingresp: taking.isPingAnswered = true
            case .connect, .connack, .puback, .pubrec, .pubcomp, .subscribe, .unsubscribe, .unsuback, .pingreq,
                .disconnect, .auth:
                break
            }
        }
        let owed = taking.owed
        if !owed.isEmpty {
            try send { buffer in for answer in owed { answer.write(to: &buffer, version: .v50) } }
            taking.owed.removeAll()
        }
        return isTaken
    }

    private static func message(_ publish: PublishView) -> RetainedMessage {
        let now = StoreArguments.nowSeconds
        return RetainedMessage(
            topic: Array(publish.topic),
            payload: Array(publish.payload),
            properties: publish.forwardedProperties.withContiguousBytes { Array($0) },
            qos: publish.qos.rawValue,
            expirySeconds: publish.messageExpirySeconds.map { now + UInt64($0) } ?? 0,
            publishTimeMilliseconds: now * 1000
        )
    }
}
