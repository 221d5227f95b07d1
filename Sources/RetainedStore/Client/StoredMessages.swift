/// The messages that a topic filter matches, batch by batch as they are asked for.
public struct StoredMessages: AsyncSequence, Sendable {
    public typealias Element = StoredMessage
    public typealias Failure = StoreError

    let client: StoreClient
    let filter: String
    let nowSeconds: UInt64

    public func makeAsyncIterator() -> Iterator {
        Iterator(client: client, scan: OpenScan(filter: filter), nowSeconds: nowSeconds)
    }

    /// One iteration.
    public struct Iterator: AsyncIteratorProtocol {
        let client: StoreClient
        let scan: OpenScan
        let nowSeconds: UInt64
        private var batch: [StoredMessage] = []

        init(client: StoreClient, scan: OpenScan, nowSeconds: UInt64) {
            self.client = client
            self.scan = scan
            self.nowSeconds = nowSeconds
        }

        /// The next message; nil at the end.
        ///
        /// - Throws: `damaged` for a record that is not what was stored there: the iteration may be continued behind it;
        ///   `environment`, `closed`.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(StoreError) -> StoredMessage? {
            if batch.isEmpty { batch = try await client.nextBatch(of: scan, nowSeconds: nowSeconds).reversed() }
            return batch.popLast()
        }

        public mutating func next() async throws(StoreError) -> StoredMessage? {
            try await next(isolation: nil)
        }
    }
}
