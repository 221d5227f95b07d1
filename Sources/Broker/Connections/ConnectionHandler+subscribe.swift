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
        let qosMax = QoS(rawValue: listener.limits.qosMax) ?? .exactlyOnce
        for subscription in subscribe.subscriptions {
            let decision = session.access.subscribeDecision(
                filter: subscription.filter,
                policy: session.policy.subscribePolicy
            )
            let qos = min(subscription.maximumQoS, qosMax)
            guard decision == .granted else {
                reasonCodes.append(refusal(.notAuthorized, grantedInstead: qos))
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
                reasonCodes.append(refusal(.quotaExceeded, grantedInstead: qos))
            }
        }
        subscribeGranted(granted, session)
        let version = machine.version
        let suback = Suback(packetIdentifier: subscribe.packetIdentifier, reasonCodes: reasonCodes)
        sendAnswer { suback.write(to: &$0, version: version) }
        // What an earlier subscription of this session is owed waits in the mailbox, and is older than what the scan will find: it goes first,
        // at the end of this read (R1).
        if !session.scans.isEmpty { loop.scheduleScan(session) }
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
        let wereThere = unsubscribe.filters.map { session.session.unsubscribe($0) }
        loop.router.withLock { state in
            for filter in unsubscribe.filters { state.subscriptions.remove(filter, of: session.handle) }
        }
        for filter in unsubscribe.filters { log(.unsubscribe, session, "", filter) }
        session.scans.removeAll { unsubscribe.filters.contains($0.filter) }
        // Live messages have the whole window again.
        if session.scans.isEmpty { session.session.isRetainedWaiting = false }
        let version = machine.version
        let unsuback = Unsuback(
            packetIdentifier: unsubscribe.packetIdentifier,
            reasonCodes: wereThere.map { $0 ? .success : .noSubscriptionExisted }
        )
        sendAnswer { unsuback.write(to: &$0, version: version) }
        loop.continueDelivery(to: session)
    }
}
