import MQTTProtocol
import MQTTWire

extension BrokerLoop {
    /// Clears topics by a publication of the broker itself for each, in one batch.
    func clearRetained(_ topics: [[UInt8]]) -> PublishBatch.Outcome {
        var names: [UInt8] = []
        for topic in topics { names += topic }
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        var outcome = PublishBatch.Outcome()
        names.withUnsafeBytes { names in
            var batch = PublishBatch()
            var start = 0
            for name in topics {
                let topic = UnsafeRawBufferPointer(rebasing: names[start..<start + name.count])
                start += name.count
                // A batch is of one namespace where namespaces are limited.
                let quota = environment.retainedQuotas?.quota(ofTopic: topic)
                if batch.quota !== quota { clear(&batch, &outcome) }
                batch.quota = quota
                batch.append(
                    StagedPublish(
                        topic: topic,
                        payload: none,
                        properties: none,
                        qos: .atLeastOnce,
                        isRetained: true,
                        expirySeconds: 0,
                        acknowledgement: nil
                    )
                )
            }
            clear(&batch, &outcome)
        }
        finishTurn()
        return outcome
    }

    /// Commits the clears that have been gathered, unless earlier ones were refused.
    private func clear(_ batch: inout PublishBatch, _ outcome: inout PublishBatch.Outcome) {
        defer { batch.removeAll() }
        guard !batch.isEmpty, outcome.refusal == nil else { return }
        let committed = commit(&batch, from: Publisher(origin: PublicationOrigin(), session: nil))
        outcome.durableLSN = max(outcome.durableLSN, committed.durableLSN)
        outcome.refusal = committed.refusal
    }
}
