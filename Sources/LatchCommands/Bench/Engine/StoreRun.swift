import Dispatch
import Glibc
import RetainedStore
import Synchronization

/// Carries out a plan against a store of its own, one kind of work after the other.
struct StoreRun {
    /// What a thread of one kind of work did.
    private struct Share {
        var operations = 0
        var latency = LatencyHistogram()
    }

    private static let oneAtATimeMax = 2_000
    private static let getsPerTopic = 2

    let plan: StorePlan
    let directory: String
    private let topics: EngineTopics

    init(plan: StorePlan, directory: String) {
        self.plan = plan
        self.directory = directory
        topics = EngineTopics(plan)
    }

    /// - Parameter progress: Called before each kind of work, with its name.
    func run(progress: (String) -> Void) throws(LoadFailure) -> [EngineReport.Row] {
        do throws(StoreError) {
            return try measure(progress)
        } catch {
            throw .store(error)
        }
    }

    private func measure(_ progress: (String) -> Void) throws(StoreError) -> [EngineReport.Row] {
        let key: MasterKey
        do throws(MasterKeyError) {
            key = try MasterKey.random()
        } catch {
            throw .environment(.system(call: "getrandom", path: nil, errno: EIO))
        }
        let options = StoreOptions(location: StoreLocation(directory: directory), sync: plan.sync)
        var rows: [EngineReport.Row] = []
        func add(_ name: String, _ work: () throws(StoreError) -> [Share]) throws(StoreError) {
            progress(name)
            let processor = LoadClock.processorSeconds()
            let start = LoadClock.now()
            let shares = try work()
            let seconds = max(1e-9, Double(LoadClock.now() - start) / 1e9)
            let used = LoadClock.processorSeconds() - processor
            var latency = LatencyHistogram()
            for share in shares { latency.merge(share.latency) }
            let operations = shares.reduce(0) { $0 + $1.operations }
            rows.append(
                EngineReport.Row(
                    name: name,
                    operations: operations,
                    seconds: seconds,
                    operationsPerSecond: Double(operations) / seconds,
                    processorMicrosecondsPerOperation: used * 1e6 / Double(max(1, operations)),
                    anonymousBytes: ProcessMemory.anonymousBytes(),
                    latencyMilliseconds: LoadReport.Latency(latency)
                )
            )
        }

        let store = try RetainedStore.create(options, masterKey: key)
        let gate = DurabilityGate(store)
        try add("set, first time") { () throws(StoreError) in try set(store, gate) }
        try add("set, again") { () throws(StoreError) in try set(store, gate) }
        try add("set, one at a time") { () throws(StoreError) in [try setOneAtATime(store, gate)] }
        try add("get, newest in the journal") { () throws(StoreError) in try get(store) }
        let pending = store.statistics.overlayCount
        try add("checkpoint") { () throws(StoreError) in
            try store.checkpoint()
            return [Share(operations: pending)]
        }
        try add("get, all in the index") { () throws(StoreError) in try get(store) }
        try add("scan \(EngineTopics.everything)") { () throws(StoreError) in
            [try scan(store, EngineTopics.everything)]
        }
        try add("scan \(EngineTopics.leaves)") { () throws(StoreError) in [try scan(store, EngineTopics.leaves)] }
        try store.close()
        var reopened: RetainedStore?
        try add("open") { () throws(StoreError) in
            reopened = try RetainedStore.open(options, masterKey: key)
            return [Share(operations: 1)]
        }
        try reopened?.close()
        return rows
    }

    /// Sets every topic once, each thread its own, in scattered order.
    private func set(_ store: RetainedStore, _ gate: DurabilityGate) throws(StoreError) -> [Share] {
        try inParallel { (thread, share) throws(StoreError) in
            let writer = try store.makeWriter()
            let order = order(thread)
            let count = plan.topics / plan.threads + (thread < plan.topics % plan.threads ? 1 : 0)
            var waiting: [(lsn: UInt64, since: UInt64)] = []
            func takeOldest() throws(StoreError) {
                let oldest = waiting.removeFirst()
                try gate.wait(for: oldest.lsn)
                share.latency.record(LoadClock.now() - oldest.since)
            }
            var done = 0
            while done < count {
                let batch = done..<min(count, done + plan.batch)
                let since = LoadClock.now()
                let lsn = try topics.commit(batch.map { order.topic(ofMessage: UInt64($0)) }, to: writer)
                waiting.append((lsn, since))
                done = batch.upperBound
                if waiting.count >= plan.window { try takeOldest() }
            }
            while !waiting.isEmpty { try takeOldest() }
            share.operations = count
        }
    }

    private func setOneAtATime(_ store: RetainedStore, _ gate: DurabilityGate) throws(StoreError) -> Share {
        var share = Share()
        let writer = try store.makeWriter()
        for topic in 0..<min(plan.topics, Self.oneAtATimeMax) {
            let since = LoadClock.now()
            try gate.wait(for: try topics.commit(CollectionOfOne(topic), to: writer))
            share.latency.record(LoadClock.now() - since)
            share.operations += 1
        }
        return share
    }

    /// Gets topics in scattered order; every one must be there.
    private func get(_ store: RetainedStore) throws(StoreError) -> [Share] {
        try inParallel { (thread, share) throws(StoreError) in
            let reader = try store.makeReader()
            let order = order(thread)
            for number in 0..<(plan.topics * Self.getsPerTopic / plan.threads) {
                let since = LoadClock.now()
                let isThere = try topics.withName(order.topic(ofMessage: UInt64(number))) { (name) throws(StoreError) in
                    try reader.get(topic: name, now: 1) { _ in }
                }
                share.latency.record(LoadClock.now() - since)
                precondition(isThere, "what was set is there")
                share.operations += 1
            }
        }
    }

    private func scan(_ store: RetainedStore, _ filter: String) throws(StoreError) -> Share {
        var share = Share()
        let reader = try store.makeReader()
        let bytes = Array(filter.utf8)
        var scan = bytes.withUnsafeBytes { RetainedScan(filter: $0, upToVersion: .max) }
        var isFinished = false
        while !isFinished {
            let since = LoadClock.now()
            isFinished = try reader.nextBatch(of: &scan, limits: ScanLimits(), nowSeconds: 1) { _ in
                share.operations += 1
            }
            share.latency.record(LoadClock.now() - since)
        }
        precondition(share.operations == plan.topics, "a scan hands out every topic once")
        return share
    }

    private func order(_ thread: Int) -> TopicOrder {
        TopicOrder(topics: plan.topics, connection: thread, connections: plan.threads, isOrdered: false)
    }

    /// Does the work on every thread of the plan at once.
    private func inParallel(
        _ work: @Sendable (Int, inout Share) throws(StoreError) -> Void
    ) throws(StoreError) -> [Share] {
        let results = Mutex<[Result<Share, StoreError>]>([])
        DispatchQueue.concurrentPerform(iterations: plan.threads) { thread in
            let result = Result { () throws(StoreError) in
                var share = Share()
                try work(thread, &share)
                return share
            }
            results.withLock { $0.append(result) }
        }
        var shares: [Share] = []
        for result in results.withLock({ $0 }) { shares.append(try result.get()) }
        return shares
    }
}
