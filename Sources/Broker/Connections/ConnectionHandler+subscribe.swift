import Logging
import MQTTProtocol
import MQTTWire
import RetainedStore

extension ConnectionHandler {
    /// SUBSCRIBE: each filter is granted or refused by itself; what is granted enters the routing at one version of the store (R1).
    func subscribeReceived(_ subscribe: Subscribe) {
        guard let session else { return }
        var reasonCodes: [ReasonCode] = []
        var granted: [Granted] = []
        var denied: (count: Int, first: AccessDecision)?
        let qosMax = QoS(rawValue: listener.limits.qosMax) ?? .exactlyOnce
        for var subscription in subscribe.subscriptions {
            guard let filter = subscription.filter.mounted(at: listener.limits.mountPoint) else {
                reasonCodes.append(refusal(.topicFilterInvalid, grantedInstead: .atMostOnce))
                continue
            }
            guard filter.isWithin(levels: listener.limits.topicLevelsMax) else {
                reasonCodes.append(refusal(.topicFilterInvalid, grantedInstead: .atMostOnce))
                continue
            }
            subscription.filter = filter
            let decision = session.access.subscribeDecision(
                filter: subscription.filter,
                policy: session.policy.subscribePolicy
            )
            let qos = min(subscription.maximumQoS, qosMax)
            guard decision == .granted else {
                if loop.environment.audit != nil {
                    denied = ((denied?.count ?? 0) + 1, denied?.first ?? session.access.coverage(of: filter))
                }
                reasonCodes.append(refusal(.notAuthorized, grantedInstead: qos))
                continue
            }
            guard loop.router.withLock({ $0.subscriptions.admits(subscription.filter) }) else {
                reasonCodes.append(refusal(.quotaExceeded, grantedInstead: qos))
                continue
            }
            guard session.stored == nil || !loop.journal.isRefused else {
                // What the store has no room for would be forgotten (D3).
                reasonCodes.append(refusal(.quotaExceeded, grantedInstead: qos))
                continue
            }
            let isNew = session.session.subscriptions[filter] == nil
            guard !isNew || session.accounts.subscribed() else {
                reasonCodes.append(refusal(.quotaExceeded, grantedInstead: qos))
                continue
            }
            switch session.session.subscribe(
                subscription,
                maximumQoS: qos,
                identifier: subscribe.subscriptionIdentifier
            ) {
            case .subscribe(let subscriber, let sendsRetained):
                reasonCodes.append(ReasonCode(rawValue: qos.rawValue))
                granted.append(Granted(subscription.filter, subscriber, sendsRetained: sendsRetained))
                log(.subscribe, session, "\(qos.rawValue) ", subscription.filter)
            case .limitExceeded:
                session.accounts.unsubscribed(count: 1)
                reasonCodes.append(refusal(.quotaExceeded, grantedInstead: qos))
            }
        }
        if let denied { auditDenied(filterCount: denied.count, denied.first) }
        subscribeGranted(granted, session)
        let version = machine.version
        let suback = Suback(packetIdentifier: subscribe.packetIdentifier, reasonCodes: reasonCodes)
        for entry in granted where entry.sendsRetained { sendSystemTopics(entry.filter, entry.subscriber, session) }
        sendAnswer { suback.write(to: &$0, version: version) }
        // What an earlier subscription of this session is owed waits in the mailbox, and is older than what the scan will find: it goes first,
        // at the end of this read (R1).
        if !session.scans.isEmpty { loop.scheduleScan(session) }
    }

    /// A new subscription to `$SYS` gets the current values, as if they were retained.
    private func sendSystemTopics(_ filter: TopicFilter, _ subscriber: Subscriber, _ session: LoopSession) {
        var subscriber = subscriber
        // There is always room at QoS 0.
        subscriber.maximumQoS = .atMostOnce
        for (topic, value) in loop.environment.systemTopics.matching(filter) {
            let topic = Array(topic.utf8)
            guard topic.withUnsafeBytes({ session.access.allows(.read, topic: $0) }) else { continue }
            let publication = Publication(topic: topic, payload: Array(value.utf8), isRetained: true)
            guard let delivery = session.session.sendRetained(publication, subscriber) else { continue }
            send(delivery)
        }
    }

    /// A subscription on its way into the routing.
    private struct Granted {
        let filter: TopicFilter
        let subscriber: Subscriber
        let sendsRetained: Bool

        init(_ filter: TopicFilter, _ subscriber: Subscriber, sendsRetained: Bool) {
            self.filter = filter
            self.subscriber = subscriber
            self.sendsRetained = sendsRetained
        }
    }

    /// 3.1.1 has one code for every refusal; 3.1 has none, so it grants, and delivery filters.
    private func refusal(_ reasonCode: ReasonCode, grantedInstead qos: QoS) -> ReasonCode {
        switch machine.version {
        case .v31: ReasonCode(rawValue: qos.rawValue)
        case .v311: .unspecifiedError
        case .v50: reasonCode
        }
    }

    /// Puts subscriptions into the routing at one version of the store: what is older is scanned, what is newer comes live (R1).
    private func subscribeGranted(_ granted: [Granted], _ session: LoopSession) {
        guard !granted.isEmpty else { return }
        let router = loop.router
        let version = loop.environment.store.withOrder { version in
            router.withLock { state in
                for entry in granted { state.subscriptions.insert(entry.filter, entry.subscriber) }
            }
            return version
        }
        if let stored = session.stored {
            stored.pending += granted.map { .subscribed($0.filter, $0.subscriber) }
            loop.noteChanges(of: session)
            holdBack()
        }
        for entry in granted where entry.sendsRetained {
            session.scans.removeAll { $0.filter == entry.filter }
            session.scans.append(
                SessionScan(
                    filter: entry.filter,
                    subscriber: entry.subscriber,
                    scan: entry.filter.bytes.withUnsafeBytes { RetainedScan(filter: $0, upToVersion: version) }
                )
            )
        }
    }

    /// mosquitto's line: who, at which QoS, what.
    private func log(_ kind: LogKind, _ session: LoopSession, _ qos: String, _ filter: TopicFilter) {
        loop.logger.debug(
            """
            \(String(decoding: session.session.clientID, as: UTF8.self)) \(qos)\
            \(String(decoding: filter.bytes, as: UTF8.self))
            """,
            metadata: kind.metadata
        )
    }

    /// UNSUBSCRIBE: nothing more is added to what is under way [MQTT-3.10.4-2].
    func unsubscribeReceived(_ unsubscribe: Unsubscribe) {
        guard let session else { return }
        let filters = unsubscribe.filters.map { $0.mounted(at: listener.limits.mountPoint) ?? $0 }
        let wereThere = filters.map { session.session.unsubscribe($0) }
        session.accounts.unsubscribed(count: wereThere.count { $0 })
        loop.router.withLock { state in
            for filter in filters { state.subscriptions.remove(filter, of: session.handle) }
        }
        if let stored = session.stored {
            for (filter, wasThere) in zip(filters, wereThere) where wasThere {
                stored.pending.append(.unsubscribed(filter))
            }
            loop.noteChanges(of: session)
            holdBack()
        }
        for filter in filters { log(.unsubscribe, session, "", filter) }
        session.scans.removeAll { filters.contains($0.filter) }
        // Live messages have the whole window again.
        if session.scans.isEmpty { session.session.waitingRetainedQoS = .atMostOnce }
        let version = machine.version
        let unsuback = Unsuback(
            packetIdentifier: unsubscribe.packetIdentifier,
            reasonCodes: wereThere.map { $0 ? .success : .noSubscriptionExisted }
        )
        sendAnswer { unsuback.write(to: &$0, version: version) }
        loop.continueDelivery(to: session)
    }
}
