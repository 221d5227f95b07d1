import Logging
import MQTTProtocol
import NIOCore
import RetainedStore

/// Counting what a namespace retains, and keeping to it and to what publishers may add.
extension BrokerLoop {
    /// Counts what a namespace retains, slice by slice; its writers wait meanwhile, and nobody else.
    func count(_ quota: RetainedQuota) {
        let scan = (quota.namespace + Array("/#".utf8)).withUnsafeBytes { RetainedScan(filter: $0, upToVersion: .max) }
        countSlice(NamespaceCount(quota: quota, scan: scan, start: now))
    }

    private func countSlice(_ counting: NamespaceCount) {
        var limits = ScanLimits()
        limits.recordsMax = BrokerLimits.scanRecordsPerSlice
        limits.bytesMax = BrokerLimits.scanBytesPerSlice
        limits.seeksMax = BrokerLimits.scanSeeksPerSlice
        do {
            // Expired messages that nobody has cleared are in the store, and count.
            _ = try reader.nextBatch(of: &counting.scan, limits: limits, nowSeconds: 0) { view in
                counting.count += 1
                counting.bytes += view.countedBytes
            }
        } catch {
            logger.error("a retained message cannot be counted: \(error); run latch verify on the store")
            // A damaged record was passed over; what fails otherwise would fail again.
            guard case .damaged = error else { return counted(counting) }
        }
        guard !counting.scan.isFinished else { return counted(counting) }
        let bound = NIOLoopBound((self, counting), eventLoop: eventLoop)
        eventLoop.execute {
            let (loop, counting) = bound.value
            loop.countSlice(counting)
        }
    }

    private func counted(_ counting: NamespaceCount) {
        counting.quota.counted(count: counting.count, bytes: counting.bytes, since: counting.start, now: now)
    }

    /// Commits a batch whose retained messages are of one namespace, where namespaces are limited, without those that there is no
    /// room for.
    func commitLimited(_ batch: inout PublishBatch, from publisher: Publisher) -> PublishBatch.Outcome {
        let (user, address) = (publisher.accounts.user, publisher.accounts.address)
        // Always in this order: whoever holds one lock waits for a later one only.
        return withLedger(batch.quota) { namespace in
            withLedger(user?.retainedAllowance) { ofUser in
                withLedger(address?.retainedAllowance) { ofAddress in
                    let before = (namespace, ofUser, ofAddress)
                    batch.judge({ storedBytes(of: $0) }) { old, new in
                        // None of the three takes what another one refuses.
                        guard namespace.hasRoom(for: new, insteadOf: old), ofUser.hasRoom(for: new, insteadOf: old),
                            ofAddress.hasRoom(for: new, insteadOf: old)
                        else { return false }
                        namespace.replace(old, by: new)
                        ofUser.replace(old, by: new)
                        ofAddress.replace(old, by: new)
                        return true
                    }
                    let outcome = commitUnlimited(&batch, from: publisher)
                    // Of a batch that was stored in part nobody knows here what came in: it counts as if all of it had.
                    if outcome.refusal != nil, outcome.durableLSN == 0 {
                        namespace.restore(before.0)
                        ofUser.restore(before.1)
                        ofAddress.restore(before.2)
                    }
                    return outcome
                }
            }
        }
    }

    private func withLedger(
        _ quota: RetainedQuota?,
        _ body: (inout RetainedLedger) -> PublishBatch.Outcome
    ) -> PublishBatch.Outcome {
        if let quota { return quota.withLock(now: now, body) }
        var unlimited = RetainedLedger()
        return body(&unlimited)
    }

    private func withLedger(
        _ allowance: RetainedAllowance?,
        _ body: (inout RetainedLedger) -> PublishBatch.Outcome
    ) -> PublishBatch.Outcome {
        if let allowance { return allowance.withLock(body) }
        var unlimited = RetainedLedger()
        return body(&unlimited)
    }

    /// What the message of a topic counts; `nil` where there is none.
    private func storedBytes(of topic: UnsafeRawBufferPointer) -> Int? {
        var bytes: Int?
        // What cannot be read is replaced by what can; recovery says what became of it.
        _ = try? reader.get(topic: topic, now: 0) { bytes = $0.countedBytes }
        return bytes
    }
}

extension RetainedView {
    /// What a message counts of a namespace's bytes.
    fileprivate var countedBytes: Int { topic.count + payload.count + properties.count }
}
