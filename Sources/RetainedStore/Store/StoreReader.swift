/// Reads a store: one per event loop, not for two threads at once.
///
/// What it reads is what was ordered, durable or not: the newest value there is at the moment.
public final class StoreReader {
    let store: RetainedStore
    let journal: JournalReader
    let index: IndexReader
    let opener: RecordOpener
    private let blinder: TopicBlinder
    private let key: UnsafeMutableRawBufferPointer

    init(store: RetainedStore) throws(StoreError) {
        self.store = store
        key = .allocate(byteCount: BlindTopicKey.bytesMax, alignment: 16)
        do throws(EnvironmentError) {
            opener = try RecordOpener(setID: store.setID, keyring: store.keyring)
            blinder = try TopicBlinder(indexKey: store.keys.index)
        } catch {
            key.deallocate()
            throw .environment(error)
        }
        do throws(IndexError) {
            index = try IndexReader(store.index)
        } catch {
            key.deallocate()
            throw error.storeError(path: store.index.path)
        }
        journal = JournalReader(store.journal)
    }

    deinit {
        key.deallocate()
    }

    /// Hands out the retained message of a topic.
    ///
    /// - Parameters:
    ///   - now: Seconds since 1970; a message that has expired by then is none.
    ///   - body: Called at most once.
    /// - Returns: Whether there is one.
    /// - Throws: `damaged` if what is stored is not what was stored there; `environment`.
    public func get(
        topic: UnsafeRawBufferPointer,
        now nowSeconds: UInt64,
        _ body: (RetainedView) -> Void
    ) throws(StoreError) -> Bool {
        guard !topic.isEmpty else { return false }
        let keyBytes = blinder.blind(topic, into: key)
        let key = UnsafeRawBufferPointer(rebasing: key[..<keyBytes])
        let target = RecordTarget(upToVersion: .max, nowSeconds: nowSeconds, pattern: nil)
        return try get(key, target, body) != nil
    }

    /// Hands out the next messages of a scan, as many as the limits allow.
    ///
    /// A batch may hand out nothing and yet not be the last, when passing over keys, or bringing the newest ones into
    /// order, took all that the limits allow.
    ///
    /// - Parameters:
    ///   - scan: Continued by the reader that began it.
    ///   - nowSeconds: Seconds since 1970; messages that have expired by then are left out.
    ///   - body: Called once for each message, in no order that means anything.
    /// - Returns: Whether the scan is finished.
    /// - Throws: `damaged` for a record that is not what was stored there: it is passed over, so that the scan may be
    ///   continued behind it; `environment`.
    public func nextBatch(
        of scan: inout RetainedScan,
        limits: ScanLimits,
        nowSeconds: UInt64,
        _ body: (RetainedView) -> Void
    ) throws(StoreError) -> Bool {
        guard !scan.isFinished, let pattern = scan.pattern(for: self, blinder: blinder) else {
            scan.finish()
            return true
        }
        let target = RecordTarget(upToVersion: scan.upToVersion, nowSeconds: nowSeconds, pattern: nil)
        if pattern.isExact {
            let keyBytes = pattern.firstSeek(into: key)
            scan.finish()
            _ = try get(UnsafeRawBufferPointer(rebasing: key[..<keyBytes]), target, body)
            return true
        }
        var slice = ScanSlice(reader: self, pattern: pattern, target: target, limits: limits)
        return try withSnapshot { (active, frozen) throws(StoreError) in try slice.run(&scan, active, frozen, body) }
    }

    /// Takes hold of the overlays and pins their segments, then begins to see the index: in this order, so that what a
    /// checkpoint moves meanwhile is in one of the two.
    func withSnapshot<Result>(
        _ body: (_ active: Overlay, _ frozen: Overlay?) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        opener.begin()
        defer { opener.end() }
        let (active, frozen) = store.order.withLock {
            journal.begin()
            return (store.overlays.active, store.overlays.frozen)
        }
        defer { journal.end() }
        do throws(IndexError) {
            try index.begin()
        } catch {
            throw error.storeError(path: store.index.path)
        }
        defer { index.end() }
        return try body(active, frozen)
    }

    private func get(
        _ key: UnsafeRawBufferPointer,
        _ target: RecordTarget,
        _ body: (RetainedView) -> Void
    ) throws(StoreError) -> Int? {
        opener.begin()
        defer { opener.end() }
        let token = Overlay.token(of: key)
        let (activePlace, frozen) = store.order.withLock {
            journal.begin()
            return (store.overlays.active.place(of: token, keyBytes: key.count), store.overlays.frozen)
        }
        defer { journal.end() }
        if let place = activePlace ?? frozen?.place(of: token, keyBytes: key.count) {
            return try deliver(place, key, target, body)
        }
        var value: UnsafeRawBufferPointer?
        defer { index.end() }
        do throws(IndexError) {
            try index.begin()
            value = try index.value(of: key)
        } catch {
            throw error.storeError(path: store.index.path)
        }
        return if let value { try deliver(value, key, target, body) } else { nil }
    }
}
