public import RetainedStore

extension Broker {
    /// Topics of one commit: an event loop is held for some hundred microseconds.
    static let clearedTopicsMax = 256

    /// Clears retained messages, as a client with every right would: each clear has its place in the order of all
    /// messages, subscribers of the topic receive it, and it is durable when this returns.
    ///
    /// - Parameter topics: Topic names of at most 65,535 bytes, without wildcards.
    /// - Returns: Whether the broker runs; if not, nothing was cleared.
    /// - Throws: What the store refuses the clears with; some of the topics may have been cleared then.
    public func clearRetained(_ topics: [[UInt8]]) async throws(StoreError) -> Bool {
        var rest = topics[...]
        while !rest.isEmpty {
            let batch = Array(rest.prefix(Self.clearedTopicsMax))
            rest = rest.dropFirst(batch.count)
            guard let outcome = await clear(batch) else { return false }
            if let refusal = outcome.refusal { throw refusal }
            try await durable(through: outcome.durableLSN)
        }
        return true
    }
}
