import MQTTProtocol
import MQTTWire
import NIOCore

/// What a namespace may retain: it is counted before its first message is acted on.
extension ConnectionHandler {
    /// How often a connection looks whether the counting that it waits for has ended.
    private static let countingWait = TimeAmount.milliseconds(2)

    /// Whether the namespace of a retained PUBLISH has been counted; if not, the packet stays unread until it has.
    func isNamespaceCounted(_ frame: Frame, _ quotas: RetainedQuotas) throws(DecodingError) -> Bool {
        let publish = try PublishView(frame, version: machine.version)
        guard let session, let topic = machine.topic(of: publish), !topic.isEmpty else { return true }
        let mountPoint = listener.limits.mountPoint
        guard mountPoint.isEmpty else {
            return (mountPoint + topic).withUnsafeBytes { isNamespaceCounted($0, session, quotas) }
        }
        return isNamespaceCounted(topic, session, quotas)
    }

    private func isNamespaceCounted(_ topic: UnsafeRawBufferPointer, _ session: LoopSession, _ quotas: RetainedQuotas)
        -> Bool
    {
        // Nobody has a namespace counted that he may not write to.
        guard session.access.allows(.write, topic: topic) else { return true }
        let quota = quota(of: topic, quotas)
        switch quota.readiness() {
        case .ready: return true
        case .mustCount: loop.count(quota)
        case .wait: break
        }
        withholdReads(.quota)
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        counting = loop.eventLoop.scheduleTask(in: Self.countingWait) {
            bound.value.resumeReads(.quota)
            bound.value.loop.finishTurn()
        }
        return false
    }

    /// The batch that is being gathered gets a retained publication: it has one namespace.
    func takeQuota(of topic: UnsafeRawBufferPointer, _ quotas: RetainedQuotas) {
        let quota = quota(of: topic, quotas)
        if let other = loop.batch.quota, other !== quota { commitPublications() }
        loop.batch.quota = quota
    }

    /// The quota of a topic's namespace; a client mostly writes into one.
    private func quota(of topic: UnsafeRawBufferPointer, _ quotas: RetainedQuotas) -> RetainedQuota {
        if let lastQuota, lastQuota.namespace.elementsEqual(RetainedQuotas.namespace(ofTopic: topic)) {
            return lastQuota
        }
        let quota = quotas.quota(ofTopic: topic)
        lastQuota = quota
        return quota
    }
}
