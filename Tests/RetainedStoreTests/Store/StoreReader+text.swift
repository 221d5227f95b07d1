@testable import RetainedStore

extension StoreReader {
    /// The payload of a topic's retained message.
    func get(_ topic: String, now: UInt64 = 1) throws -> String? {
        var payload: String?
        var topic = topic
        var outcome: Result<Bool, StoreError> = .success(false)
        topic.withUTF8 { topic in
            outcome = Result { () throws(StoreError) in
                try get(topic: UnsafeRawBufferPointer(topic), now: now) { view in
                    payload = String(decoding: view.payload, as: UTF8.self)
                }
            }
        }
        return try outcome.get() ? payload : nil
    }

    /// Everything that a filter matches: payloads by topic.
    func scan(
        _ filter: String,
        upToVersion: UInt64 = .max,
        limits: ScanLimits = ScanLimits(),
        now: UInt64 = 1,
        between: () throws -> Void = {}
    ) throws -> [String: String] {
        var found: [String: String] = [:]
        var duplicates: [String] = []
        var scan = Array(filter.utf8).withUnsafeBytes { RetainedScan(filter: $0, upToVersion: upToVersion) }
        var isFinished = false
        while !isFinished {
            isFinished = try nextBatch(of: &scan, limits: limits, nowSeconds: now) { view in
                let topic = String(decoding: view.topic, as: UTF8.self)
                if found.updateValue(String(decoding: view.payload, as: UTF8.self), forKey: topic) != nil {
                    duplicates.append(topic)
                }
            }
            if !isFinished { try between() }
        }
        precondition(duplicates.isEmpty, "a scan handed out \(duplicates) twice")
        return found
    }
}
