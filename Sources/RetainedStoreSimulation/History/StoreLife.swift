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
        // A time that stands still: what is written of it is the same whenever a history is brought back.
        let clock = StoreClock { (wall: 1_000_000, monotonic: 1_000_000) }
        store = try RetainedStore.open(options, masterKey: masterKey, disk: disk, clock: clock) { _ in
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

    /// Does what the checkpoint thread works for; `meanwhile` happens at each of its moments.
    ///
    /// - Returns: Whether it was done; else there was no space, and now there is.
    @discardableResult
    func work(
        _ meanwhile: @escaping () throws(StoreError) -> Void,
        _ body: () throws(StoreError) -> Void
    ) throws(StoreError) -> Bool {
        moments.body = meanwhile
        defer { moments.body = nil }
        var isDone = true
        do throws(StoreError) {
            try body()
        } catch {
            guard case .full = error else { throw error }
            moments.body = nil
            isDone = false
            disk.giveSpace()
            waitForSpace()
        }
        if let failure = moments.failure { throw failure }
        return isDone
    }

    /// Begins a new generation of data keys and seals everything anew.
    func rotate(_ meanwhile: @escaping () throws(StoreError) -> Void) throws(StoreError) {
        try work(meanwhile) { () throws(StoreError) in
            let generation = try store.rotateKeys(isPaced: false)
            try store.waitForRotation()
            // When nothing happens any more: which crash points know of it must not be left to threads.
            disk.promise { $0.keyGeneration = generation }
        }
    }

    /// Destroys a namespace's keys.
    ///
    /// - Returns: What is left of its messages all the same: records that open.
    func shred(
        _ namespace: String,
        _ meanwhile: @escaping () throws(StoreError) -> Void
    ) throws(StoreError) -> UInt64 {
        var openedCount: UInt64 = 0
        func shred() throws(StoreError) { openedCount = try store.shred(namespace: namespace).openedCount }
        // Without space for removing records, the keys are destroyed already; the second time there is some.
        if try !work(meanwhile, shred) { try work({}, shred) }
        return openedCount
    }

    func waitForSpace() {
        while isHealthy {
            if case .healthy = store.statistics.health { return }
            usleep(Self.pollMicroseconds)
        }
    }

    /// Lets segments be prepared and passes end, and returns when nothing happens any more.
    func settle() {
        // One after the other.
        while !store.isIdle { usleep(Self.pollMicroseconds) }
        disk.holdPreparations(false)
        while !store.isAtRest { usleep(Self.pollMicroseconds) }
        disk.holdPreparations(true)
    }

    func end() {
        disk.holdPreparations(false)
        try? store.close()
    }
}
