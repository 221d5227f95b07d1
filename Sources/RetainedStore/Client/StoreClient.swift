/// Sets, gets and scans messages of a store from Swift's concurrency.
///
/// It has a writer, a reader and a thread of its own, in which everything that may wait for the disk is done. Any number
/// may be open on one store, each of them for any number of tasks; once the store is closed, they take nothing more.
public actor StoreClient {
    private let store: RetainedStore
    private let writer: StoreWriter
    private let reader: StoreReader
    private let executor: ThreadExecutor

    /// - Throws: `environment`; `closed`.
    public init(_ store: RetainedStore) throws(StoreError) {
        self.store = store
        writer = try store.makeWriter()
        reader = try store.makeReader()
        do throws(EnvironmentError) {
            executor = try ThreadExecutor(name: "latch-client")
        } catch {
            throw .environment(error)
        }
    }

    deinit {
        executor.stop()
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Makes a message the one of its topic. Readers see it when this returns; whether a crash leaves it, `durable(through:)`
    /// says.
    ///
    /// - Returns: Its version, which is also the LSN to wait for.
    /// - Throws: `full` while there is no space; `failed`, `closed`, `environment`.
    @discardableResult
    public func set(_ message: StoredMessage) throws(StoreError) -> UInt64 {
        try set([message])
    }

    /// The same for several, which become visible and durable as a whole.
    ///
    /// - Returns: The last one's version; the others' lie before it without gaps. 0 if there are none.
    @discardableResult
    public func set(_ messages: [StoredMessage]) throws(StoreError) -> UInt64 {
        try commit(messages) { $0.set($1) }
    }

    /// Takes a topic's message away.
    ///
    /// - Returns: The LSN to wait for.
    /// - Throws: As ``set(_:)-(StoredMessage)``.
    @discardableResult
    public func clear(topic: String) throws(StoreError) -> UInt64 {
        try commit([StoredMessage(topic: topic, payload: [])]) { $0.clear($1) }
    }

    /// The message of a topic.
    ///
    /// - Parameter nowSeconds: Seconds since 1970; a message that has expired by then is none.
    /// - Throws: `damaged` if what is stored is not what was stored there; `environment`, `closed`.
    public func get(_ topic: String, now nowSeconds: UInt64) throws(StoreError) -> StoredMessage? {
        let bytes = Array(topic.utf8)
        let span = bytes.span
        var message: StoredMessage?
        _ = try span.withUnsafeBytes { (topic) throws(StoreError) in
            try reader.get(topic: topic, now: nowSeconds) { message = StoredMessage($0) }
        }
        return message
    }

    /// The messages that a topic filter matches, read as they are asked for: whoever iterates slowly makes nothing wait and
    /// holds nothing but one batch.
    ///
    /// Every batch sees the store as it is then; a message that is set while the iteration goes on is handed out or not, a
    /// topic at most once. In no order that means anything.
    ///
    /// - Parameters:
    ///   - filter: As in SUBSCRIBE, without `$share/…/`; nothing matches one that is not valid.
    ///   - nowSeconds: Seconds since 1970; messages that have expired by then are left out.
    public nonisolated func messages(matching filter: String, now nowSeconds: UInt64) -> StoredMessages {
        StoredMessages(client: self, filter: filter, nowSeconds: nowSeconds)
    }

    /// Calls `body` with each message that a topic filter matches, without copying any: in the client's thread, so that
    /// other calls of the client wait meanwhile.
    ///
    /// - Parameters:
    ///   - filter: As in SUBSCRIBE, without `$share/…/`; nothing matches one that is not valid.
    ///   - nowSeconds: Seconds since 1970; messages that have expired by then are left out.
    ///   - body: Its argument is valid within the call only.
    /// - Throws: `damaged` for the first record that is not what was stored there; `environment`, `closed`.
    public func forEach(
        matching filter: String,
        now nowSeconds: UInt64,
        _ body: @Sendable (RetainedView) -> Void
    ) throws(StoreError) {
        let scan = OpenScan(filter: filter)
        while try !reader.nextBatch(of: &scan.scan, limits: ScanLimits(), nowSeconds: nowSeconds, body) { continue }
    }

    /// Returns when every record up to an LSN is durable, as the store's sync policy has it.
    ///
    /// - Throws: `failed` if it never will be; `closed` if no such record was ordered before the store was closed.
    public nonisolated func durable(through lsn: UInt64) async throws(StoreError) {
        try await store.durable(through: lsn)
    }

    /// Some messages of a scan; empty at its end.
    func nextBatch(of scan: OpenScan, nowSeconds: UInt64) throws(StoreError) -> [StoredMessage] {
        var messages: [StoredMessage] = []
        while messages.isEmpty, !scan.scan.isFinished {
            _ = try reader.nextBatch(of: &scan.scan, limits: ScanLimits(), nowSeconds: nowSeconds) {
                messages.append(StoredMessage($0))
            }
        }
        return messages
    }

    private func commit(
        _ messages: [StoredMessage],
        _ add: (StoreWriter, MessageParts) -> Void
    ) throws(StoreError) -> UInt64 {
        // In one piece of memory, which must stay until the batch has been committed.
        var bytes: [UInt8] = []
        for message in messages { message.append(to: &bytes) }
        let span = bytes.span
        return try span.withUnsafeBytes { (bytes) throws(StoreError) in
            var offset = 0
            for message in messages { add(writer, message.parts(in: bytes, from: &offset)) }
            return try writer.commit { _ in }
        }
    }
}
