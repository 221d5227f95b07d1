import Testing

@testable import Broker

/// The numbers of a namespace by themselves, in virtual time.
struct RetainedQuotaTests {
    private func limits(count: Int? = nil, bytes: Int? = nil) -> RetainedLimits {
        var limits = RetainedLimits()
        limits.countMax = count
        limits.bytesMax = bytes
        return limits
    }

    private func counted(_ limits: RetainedLimits, count: Int = 0, bytes: Int = 0) -> RetainedQuota {
        let quota = RetainedQuota(namespace: [], limits: limits)
        _ = quota.readiness()
        quota.counted(count: count, bytes: bytes, since: 0, now: 0)
        return quota
    }

    private func replace(_ quota: RetainedQuota, _ old: Int?, by new: Int?, now: UInt64 = 0) -> Bool {
        quota.withLock(now: now) { ledger in
            let hasRoom = ledger.hasRoom(for: new, insteadOf: old)
            if hasRoom { ledger.replace(old, by: new) }
            return hasRoom
        }
    }

    @Test func messagesAreCounted() {
        let quota = counted(limits(count: 2), count: 1, bytes: 10)
        #expect(replace(quota, nil, by: 5))
        #expect(quota.retained == (2, 15))
        #expect(!replace(quota, nil, by: 5))
        #expect(replace(quota, 5, by: 9))
        #expect(quota.retained == (2, 19))
        #expect(replace(quota, 9, by: nil))
        #expect(replace(quota, nil, by: nil))
        #expect(quota.retained == (1, 10))
        #expect(replace(quota, nil, by: 1))
    }

    @Test func bytesAreCounted() {
        let quota = counted(limits(bytes: 100), count: 1, bytes: 120)
        #expect(!replace(quota, nil, by: 1))
        #expect(!replace(quota, 50, by: 51))
        // What shrinks is never refused, even where there is too much already.
        #expect(replace(quota, 50, by: 49))
        #expect(replace(quota, 49, by: nil))
        #expect(quota.retained == (0, 70))
        #expect(replace(quota, nil, by: 30))
        #expect(!replace(quota, nil, by: 1))
    }

    @Test func oneCountsAndTheOthersWait() {
        let quota = RetainedQuota(namespace: [], limits: limits(count: 1))
        #expect(quota.readiness() == .mustCount)
        #expect(quota.readiness() == .wait)
        quota.counted(count: 1, bytes: 1, since: 0, now: 0)
        #expect(quota.readiness() == .ready)
        #expect(!replace(quota, nil, by: 1))
    }

    @Test func whatIsWrittenDuringACountingHasItRepeated() {
        let quota = RetainedQuota(namespace: [], limits: limits(count: 1))
        #expect(quota.readiness() == .mustCount)
        // A will, which nobody holds back.
        #expect(replace(quota, nil, by: 1))
        quota.counted(count: 0, bytes: 0, since: 0, now: 0)
        #expect(quota.readiness() == .mustCount)
        quota.counted(count: 1, bytes: 1, since: 0, now: 0)
        #expect(quota.readiness() == .ready)
    }

    @Test func aRefusalHasAnOldCountMadeAgain() {
        let quota = counted(limits(count: 1), count: 1)
        #expect(!replace(quota, nil, by: 1, now: 9_999))
        #expect(quota.readiness() == .ready)
        #expect(!replace(quota, nil, by: 1, now: 10_000))
        #expect(quota.readiness() == .mustCount)
        // One that took two seconds is made every hundred.
        quota.counted(count: 1, bytes: 1, since: 10_000, now: 12_000)
        #expect(!replace(quota, nil, by: 1, now: 111_999))
        #expect(quota.readiness() == .ready)
        #expect(!replace(quota, nil, by: 1, now: 112_000))
        #expect(quota.readiness() == .mustCount)
    }

    @Test func whatIsRememberedIsBounded() throws {
        let quotas = try #require(RetainedQuotas(limits: limits(count: 1), countMax: 2))
        func quota(_ topic: String) -> RetainedQuota {
            Array(topic.utf8).withUnsafeBytes { quotas.quota(ofTopic: $0) }
        }
        let held = quota("a/b")
        #expect(quota("a") === held && quota("a/c/d") === held)
        _ = quota("b")
        #expect(quotas.count == 2)
        _ = quota("c")
        // The one that is held stays.
        #expect(quotas.count == 2)
        #expect(quota("a") === held)
        #expect(RetainedQuotas(limits: RetainedLimits()) == nil)
    }
}
