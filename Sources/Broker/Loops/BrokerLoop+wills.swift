import MQTTProtocol
import MQTTWire

extension BrokerLoop {
    /// Publishes wills as if their clients had done so (MQTT 5.0 §3.1.2.5), under the rights that they had.
    func publishDueWills() {
        while let due = dueWills.popLast() { publish(due) }
    }

    private func publish(_ due: PendingWill) {
        let will = due.will
        will.topic.bytes.withUnsafeBytes { topic in
            will.payload.withUnsafeBytes { payload in
                will.forwardedProperties.withUnsafeBytes { properties in
                    guard due.access.allows(.write, topic: topic) else {
                        auditDeniedWill(due, topic)
                        return removed(due)
                    }
                    var batch = PublishBatch()
                    batch.append(
                        StagedPublish(
                            topic: topic,
                            payload: payload,
                            properties: properties,
                            qos: will.qos,
                            isRetained: will.isRetained,
                            expirySeconds: will.messageExpirySeconds.map { unixSeconds + UInt64($0) } ?? 0,
                            acknowledgement: nil
                        )
                    )
                    if will.isRetained { batch.quota = environment.retainedQuotas?.quota(ofTopic: topic) }
                    batch.will = due.stored.map { ($0.session.number, $0.will.number) }
                    let outcome = commit(&batch, from: due.publisher)
                    if let error = outcome.refusal {
                        storeRefused(error)
                        if putOff(due) { return }
                    }
                    removed(due, inBatch: outcome.durableLSN > 0)
                }
            }
        }
    }

    /// A will is done with: there is no record of it, or none is needed any more.
    ///
    /// - Parameter inBatch: Whether its record was removed in the batch that published it.
    private func removed(_ due: PendingWill, inBatch: Bool = false) {
        guard let (session, will) = due.stored, session.will?.number == will.number else { return }
        if inBatch { session.will = nil } else { forgetWill(of: session) }
    }

    /// Keeps a will that the store did not take, and that therefore went to nobody, for another time.
    ///
    /// - Returns: `false` where there is no session that it could stay with.
    private func putOff(_ due: PendingWill) -> Bool {
        guard let handle = due.stored?.session.session?.handle, let session = sessions[handle],
            session.connection == nil
        else { return false }
        var later = due
        later.dueMilliseconds = now + BrokerLimits.refusedWillDelayMilliseconds
        session.delayedWill = later
        return true
    }

    /// The broker ends, and with it the sessions that it does not keep: their wills come now, whatever their delay. The others go
    /// on waiting in the store.
    func publishWillsOfEndingSessions() {
        for session in away.values where session.stored == nil {
            guard let will = session.delayedWill else { continue }
            session.delayedWill = nil
            dueWills.append(will)
        }
    }
}
