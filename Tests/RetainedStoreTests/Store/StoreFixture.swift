import Foundation
import Glibc
import Testing

@testable import RetainedStore

/// A directory for a test's stores, gone when the test is over, and the master key of all of them.
final class StoreFixture {
    let masterKey: MasterKey
    /// Small limits, so that segments, groups and checkpoints come often.
    var limits = StoreLimits()
    var sync = SyncPolicy.always
    /// Whether keyrings lie apart from their stores, as beside a master key.
    var isKeyringApart = false
    private let directory = TemporaryDirectory()
    private var opened: [RetainedStore] = []

    init() throws {
        masterKey = try MasterKey.random()
        limits.segmentBytes = 256 << 10
        limits.groupBytesMax = 32 << 10
        limits.mapBytes = 1 << 30
        limits.checkpointJournalBytes = 1 << 30
        limits.overlayEntriesMax = 100_000
        limits.idleMarkMilliseconds = 20
        limits.spaceRetryMilliseconds = 20
        // Many tests live in 1970, where the machine's clock is far ahead: expired messages are cleared when a test asks.
        limits.sweepIntervalMilliseconds = 3_600_000
    }

    deinit {
        for store in opened { try? store.close() }
    }

    func path(_ name: String = "store") -> String { directory.file(name) }

    func options(_ name: String = "store") -> StoreOptions {
        let keyring = isKeyringApart ? path(name + ".keyring") : nil
        return StoreOptions(
            location: StoreLocation(directory: path(name), keyring: keyring),
            sync: sync,
            limits: limits
        )
    }

    /// Opens a store, creating it where there is none.
    func open(
        _ name: String = "store",
        disk: any JournalDisk = PosixDisk(),
        clock: SimulatedClock? = nil,
        checkpointObserver: (@Sendable (CheckpointMoment) -> Void)? = nil
    ) throws -> RetainedStore {
        let options = options(name)
        if !RetainedStore.exists(at: options.location) {
            try RetainedStore.create(options, masterKey: masterKey).close()
        }
        let store = try RetainedStore.open(
            options,
            masterKey: masterKey,
            disk: disk,
            clock: clock.map { clock in StoreClock { clock.reading } } ?? StoreClock(),
            checkpointObserver: checkpointObserver
        )
        opened.append(store)
        return store
    }

    /// Closes every store that was opened.
    func closeAll() throws {
        for store in opened { try store.close() }
    }

    /// What the journal of a store that nobody has open holds, from its beginning.
    func replay(_ name: String = "store") throws -> (records: [ReplayedRecord], report: OpenReport) {
        let opened = try OpenedStore(options(name).location, masterKey, access: .readOnly)
        let replay = JournalReplay(
            disk: PosixDisk(),
            directory: options(name).location.journalPath,
            identity: JournalIdentity(
                setID: opened.header.setID,
                timeline: opened.header.timeline,
                key: opened.keys.journal
            ),
            appliedLSN: nil
        )
        let opener = try RecordOpener(setID: opened.header.setID, keyring: opened.keyring)
        var records: [ReplayedRecord] = []
        let outcome = try replay.run { (record, place, file) throws(StoreError) in
            let parts = try opener.open(
                record.sealed,
                type: RecordType(rawValue: record.type) ?? .set,
                key: record.key,
                dataKeyID: record.dataKeyID,
                file: file,
                offset: place.offset
            )
            records.append(
                ReplayedRecord(
                    version: record.version,
                    topic: String(decoding: parts.topic, as: UTF8.self),
                    payload: record.type == 1 ? String(decoding: parts.payload, as: UTF8.self) : nil
                )
            )
        }
        return (records, outcome.report)
    }

    /// Copies a store as a killed process would leave it: each file as it is when its turn comes.
    ///
    /// The index first: what it says is applied must be in the journal that is copied after it, as on a real disk.
    func copy(_ name: String = "store", to copy: String) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: path(name)).filter { $0 != "index" }.sorted()
        try FileManager.default.createDirectory(atPath: path(copy), withIntermediateDirectories: false)
        for entry in ["index"] + names { try copyTree(path(name) + "/" + entry, path(copy) + "/" + entry) }
        if isKeyringApart { try copyTree(path(name + ".keyring"), path(copy + ".keyring")) }
    }

    /// The segments of a store's history, in order.
    func segmentPaths(_ name: String = "store") throws -> [String] {
        let journal = path(name) + "/journal"
        return try FileManager.default.contentsOfDirectory(atPath: journal)
            .filter { SegmentName.number(of: $0) != nil }.sorted().map { journal + "/" + $0 }
    }

    /// The number of the last segment that has its number as a name.
    private func lastSegmentNumber(_ name: String = "store") throws -> UInt64? {
        try PosixDisk().names(in: path(name) + "/journal").compactMap(SegmentName.number).max()
    }

    /// Sets topics, one after the other, until the next segment has been chosen and nothing is in it; returns how many.
    func fillSegment(_ store: RetainedStore, _ writer: StoreWriter) throws -> Int {
        var number = 0
        while store.withOrder({ _ in store.journal.table.segments.last?.number }) == (try lastSegmentNumber()) {
            number += 1
            store.waitUntilDurable(try writer.set("t/\(number)", String(repeating: "s", count: 400)))
            while !store.isAtRest { sched_yield() }
            try #require(number < 1_000)
        }
        return number
    }

    private func copyTree(_ source: String, _ target: String) throws {
        var isDirectory: ObjCBool = false
        // A spare may get its number as a name between the listing and the copying: a copy then finds the one or the
        // other.
        guard FileManager.default.fileExists(atPath: source, isDirectory: &isDirectory) else { return }
        guard isDirectory.boolValue else { return FileBytes.write(FileBytes.read(source), to: target) }
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: false)
        for name in try FileManager.default.contentsOfDirectory(atPath: source).sorted() {
            try copyTree(source + "/" + name, target + "/" + name)
        }
    }
}
