internal import Glibc
internal import RetainedStore
internal import Synchronization

/// A store from its opening to its end, driven step by step.
final class StoreLife {
    let disk: SimulatedDisk
    let store: RetainedStore
    private let writer: StoreWriter
    private let moments: Moments
    private var lastLSN: UInt64 = 0

    private static let pollMicroseconds: UInt32 = 20

    /// What to do at the moments of a checkpoint, in its thread.
    private final class Moments: @unchecked Sendable {
        // Set by the thread that asks for a checkpoint, before it asks and after it got its answer; used by the
        // checkpoint's thread in between.
        var body: (() throws(StoreError) -> Void)?
        var failure: StoreError?
    }

    init(disk: SimulatedDisk, options: StoreOptions, masterKey: MasterKey) throws(StoreError) {
        self.disk = disk
        let moments = Moments()
        self.moments = moments
        store = try RetainedStore.open(options, masterKey: masterKey, disk: disk) { _ in
            guard moments.failure == nil, let body = moments.body else { return }
            do throws(StoreError) { try body() } catch { moments.failure = error }
        }
        do throws(StoreError) {
            writer = try store.makeWriter()
        } catch {
            try? store.close()
            throw error
        }
        store.onProgress { [disk] progress in
            if case .durable(let lsn) = progress { disk.acknowledged(lsn) }
        }
        settle()
    }

    /// Whether it still acknowledges.
    var isHealthy: Bool {
        if case .failed = store.statistics.health { false } else { true }
    }

    func commit(_ changes: [Change], ordered: (UInt64) -> Void) throws(StoreError) {
        lastLSN = try writer.commit(changes, ordered: ordered)
    }

    func waitUntilDurable() {
        while store.durableLSN < lastLSN, isHealthy { usleep(Self.pollMicroseconds) }
    }

    /// Runs a checkpoint; `meanwhile` at each of its moments.
    func checkpoint(_ meanwhile: @escaping () throws(StoreError) -> Void) throws(StoreError) {
        moments.body = meanwhile
        defer { moments.body = nil }
        do throws(StoreError) {
            try store.checkpoint()
        } catch {
            guard case .full = error else { throw error }
            moments.body = nil
            disk.giveSpace()
            waitForSpace()
        }
        if let failure = moments.failure { throw failure }
    }

    func waitForSpace() {
        while isHealthy {
            if case .healthy = store.statistics.health { return }
            usleep(Self.pollMicroseconds)
        }
    }

    /// Lets segments be prepared now, and returns when nothing happens any more.
    func settle() {
        disk.holdPreparations(false)
        while !store.isAtRest { usleep(Self.pollMicroseconds) }
        disk.holdPreparations(true)
    }

    func end() {
        disk.holdPreparations(false)
        try? store.close()
    }
}
