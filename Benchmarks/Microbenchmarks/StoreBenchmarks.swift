import RetainedStore

/// The engine as a program uses it. Only what the calling thread does is counted: how often the store's own threads wake
/// depends on the machine.
enum StoreBenchmarks {
    static var all: [Microbenchmark] {
        [
            Microbenchmark(name: "store-set", run: set),
            Microbenchmark(name: "store-get", run: get),
            Microbenchmark(name: "store-scan", run: scan),
        ]
    }

    private static let batch = 64

    private static func withStore(_ body: (RetainedStore) throws -> Int) throws -> Int {
        let directory = try ScratchDirectory()
        var limits = StoreLimits()
        limits.segmentBytes = 8 << 20
        // Valgrind has no terabyte of addresses to reserve.
        limits.mapBytes = 1 << 28
        let options = StoreOptions(
            location: StoreLocation(directory: directory.path + "/store"),
            sync: .none,
            limits: limits
        )
        let store = try RetainedStore.create(options, masterKey: MasterKey.random())
        let result = try body(store)
        try store.close()
        return result
    }

    /// Blinds, orders, enters and seals, in batches as those of one read are.
    private static func set(count: Int) throws -> Int {
        try withStore { store in
            let writer = try store.makeWriter()
            var last: UInt64 = 0
            for start in stride(from: 0, to: count, by: batch) {
                last = try commit((start..<min(count, start + batch)).map { $0 % Samples.topicsCount }, writer)
            }
            return Int(last)
        }
    }

    private static func commit(_ topics: [Int], _ writer: StoreWriter) throws -> UInt64 {
        for topic in topics { writer.set(Samples.message(topic)) }
        return try writer.commit { _ in }
    }

    /// A store whose index has a thousand messages.
    private static func withIndex(_ body: (StoreReader) throws -> Int) throws -> Int {
        try withStore { store in
            let writer = try store.makeWriter()
            for start in stride(from: 0, to: Samples.topicsCount, by: batch) {
                _ = try commit(Array(start..<min(Samples.topicsCount, start + batch)), writer)
            }
            try store.checkpoint()
            return try body(store.makeReader())
        }
    }

    private static func get(count: Int) throws -> Int {
        try withIndex { reader in
            var sum = 0
            for number in 0..<count {
                let topic = Samples.topics[number % Samples.topicsCount]
                _ = try reader.get(topic: topic, now: 1) { sum += $0.payload.count }
            }
            return sum
        }
    }

    /// Per message handed out.
    private static func scan(count: Int) throws -> Int {
        try withIndex { reader in
            var handed = 0
            let filter = Array("#".utf8)
            while handed < count {
                var scan = filter.withUnsafeBytes { RetainedScan(filter: $0, upToVersion: .max) }
                while !scan.isFinished {
                    _ = try reader.nextBatch(of: &scan, limits: ScanLimits(), nowSeconds: 1) { _ in handed += 1 }
                }
            }
            return handed
        }
    }
}
