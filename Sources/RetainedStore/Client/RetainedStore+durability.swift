extension RetainedStore {
    /// Returns when every record up to an LSN is durable, as the sync policy has it: at once if it is.
    ///
    /// - Throws: `failed` if it never will be; `closed` if no such record was ordered before the store was closed.
    public func durable(through lsn: UInt64) async throws(StoreError) {
        if durableLSN >= lsn { return }
        let error = await withCheckedContinuation { continuation in
            durability.add(continuation, for: lsn) { self.durableLSN >= lsn }
        }
        if let error { throw error }
    }

    /// Has those who wait hear of progress. Once, before anybody can wait.
    func tellDurabilityWaiters() {
        onProgress { [durability] progress in
            switch progress {
            case .durable(let lsn): durability.progressed(to: lsn)
            case .failed(let error): durability.end(error)
            case .relieved: break
            }
        }
    }
}
