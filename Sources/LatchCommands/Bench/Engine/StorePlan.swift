import RetainedStore

/// What `latch bench store` does to a store.
struct StorePlan: Equatable, Sendable {
    var topics: Int
    var payloadBytes: Int
    /// Messages that are committed together.
    var batch: Int
    var threads: Int
    /// Batches of one thread that are not durable yet.
    var window: Int
    var policy: SweepPolicy
}

extension StorePlan {
    static let topicsMax = 100_000_000
    static let batchMax = 10_000
    static let threadsMax = 64
    static let windowMax = 1_000

    /// Why the plan cannot be carried out; `nil` if it can.
    var problem: String? {
        if !(1...Self.topicsMax).contains(topics) { return "1 to \(Self.topicsMax) topics" }
        if !(1...LoadPlan.payloadBytesMax).contains(payloadBytes) {
            return "payloads have 1 to \(LoadPlan.payloadBytesMax) bytes"
        }
        if !(1...Self.batchMax).contains(batch) { return "a batch has 1 to \(Self.batchMax) messages" }
        if !(1...Self.threadsMax).contains(threads) || threads > topics { return "1 to \(Self.threadsMax) threads" }
        if !(1...Self.windowMax).contains(window) { return "1 to \(Self.windowMax) batches" }
        return nil
    }

    var sync: SyncPolicy {
        switch policy {
        case .always: .always
        case .interval(let milliseconds): .interval(milliseconds: milliseconds)
        case .none: .none
        }
    }
}
