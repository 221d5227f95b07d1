import Synchronization

/// The quotas of all namespaces that are written to; made when they are first asked for, and forgotten where nobody holds them and room is needed.
final class RetainedQuotas: Sendable {
    private let limits: RetainedLimits
    private let countMax: Int
    private let quotas = Mutex<[[UInt8]: RetainedQuota]>([:])

    /// - Parameter countMax: namespaces that are remembered.
    /// - Returns: `nil` where nothing is limited.
    init?(limits: RetainedLimits, countMax: Int = BrokerLimits.quotasMax) {
        if limits.isEmpty { return nil }
        self.limits = limits
        self.countMax = countMax
    }

    /// How many are remembered.
    var count: Int { quotas.withLock { $0.count } }

    /// The namespace of a topic: its first level.
    static func namespace(ofTopic topic: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer> {
        topic.prefix { $0 != UInt8(ascii: "/") }
    }

    /// The quota of a topic's namespace.
    func quota(ofTopic topic: UnsafeRawBufferPointer) -> RetainedQuota {
        let namespace = Array(Self.namespace(ofTopic: topic))
        return quotas.withLock { quotas in
            if let known = quotas[namespace] { return known }
            if quotas.count >= countMax { Self.forget(&quotas) }
            let quota = RetainedQuota(namespace: namespace, limits: limits)
            quotas[namespace] = quota
            return quota
        }
    }

    /// Forgets those that no connection and no counting holds: they are counted anew when they are needed.
    private static func forget(_ quotas: inout [[UInt8]: RetainedQuota]) {
        for key in Array(quotas.keys) {
            guard let index = quotas.index(forKey: key), isKnownUniquelyReferenced(&quotas.values[index]) else {
                continue
            }
            quotas[key] = nil
        }
    }
}
