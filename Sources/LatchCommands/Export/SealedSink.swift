import Mosquitto
import RetainedStore

/// A small store of its own: what is moved between stores and is never in clear on a disk.
struct SealedSink: MessageSink {
    /// A store that is written once and carried about has no use for 64 MiB segments.
    private static let limits: StoreLimits = {
        var limits = StoreLimits()
        limits.segmentBytes = 16 << 20
        return limits
    }()

    private let store: RetainedStore
    private let writer: StoreWriter
    private let key: MasterKeySource?
    private var batch = MessageBatch()

    init(_ access: StoreAccess) throws(CommandFailure) {
        guard try !StoreAccess.exists(at: access.directory) else {
            throw CommandFailure(.usage, "there is a store in \(access.directory) already: name another directory")
        }
        store = try access.create(limits: Self.limits)
        key = access.source
        writer = try CommandFailure.ofStore { [store] () throws(StoreError) in try store.makeWriter() }
    }

    mutating func take(_ message: RetainedMessage) throws(CommandFailure) {
        batch.append(message)
        if batch.isFull { try commit() }
    }

    mutating func finish() throws(CommandFailure) {
        try commit()
        try CommandFailure.ofStore(key: key) { () throws(StoreError) in try store.close() }
    }

    private mutating func commit() throws(CommandFailure) {
        try CommandFailure.ofStore(key: key) { () throws(StoreError) in try batch.commit(to: writer) }
    }
}
