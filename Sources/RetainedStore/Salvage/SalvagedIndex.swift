internal import Glibc

/// The index that a salvage builds beside the damaged one, in `index.salvaged`, until it takes its place.
final class SalvagedIndex {
    /// Changes that one transaction makes: its dirty pages are memory.
    private static let transactionChanges = 10_000

    let environment: IndexEnvironment
    private let setID: SetID
    private let keys: DerivedKeys
    private var state: IndexState
    private var writer: IndexWriter?
    private var changeCount = 0

    /// Where it is built.
    static func path(_ location: StoreLocation) -> String { location.directory + "/index.salvaged" }

    /// Begins an empty index, in the place of what an interrupted salvage left.
    init(_ options: StoreOptions, _ opened: OpenedStore, state: IndexState) throws(StoreError) {
        setID = opened.header.setID
        keys = opened.keys
        self.state = state
        let path = Self.path(options.location)
        do throws(EnvironmentError) {
            try Self.removeUnfinished(options.location)
            try RetainedStore.makeDirectory(path)
        } catch {
            throw .environment(error)
        }
        do throws(IndexError) {
            environment = try IndexEnvironment(path: path, limits: options.limits)
        } catch {
            throw error.storeError(path: path)
        }
    }

    /// Removes what an interrupted salvage left.
    static func removeUnfinished(_ location: StoreLocation) throws(EnvironmentError) {
        let path = path(location)
        guard RetainedStore.exists(path: path) else { return }
        let disk = PosixDisk()
        for name in try disk.names(in: path) { try disk.remove(path + "/" + name) }
        guard rmdir(path) == 0 else { throw .system("rmdir", path) }
    }

    /// Puts a record of the damaged index, unless there is a newer one of its key.
    func put(key: UnsafeRawBufferPointer, _ record: IndexRecord) throws(StoreError) {
        try change { (writer) throws(IndexError) in try writer.mirror(key: key, record: record) }
    }

    /// Applies a record of the journal, unless there is a newer one of its key.
    func apply(_ record: JournalRecord, isShredded: Bool) throws(StoreError) {
        try change { (writer) throws(IndexError) in
            try writer.apply(record, key: record.key, isShredded: isShredded)
        }
    }

    /// Commits what there is, with the LSN through which it is complete, and syncs it.
    func finish(lastLSN: UInt64) throws(StoreError) -> IndexState {
        try change { (_) throws(IndexError) in }
        try commit(appliedLSN: lastLSN)
        do throws(IndexError) {
            try environment.sync()
        } catch {
            throw error.storeError(path: environment.path)
        }
        try StoreError.whileReading { () throws(EnvironmentError) in
            try PosixDisk().syncDirectory(environment.path)
        }
        return state
    }

    /// Ends the use of the index; what was not committed is undone.
    func close() {
        writer?.abort()
        writer = nil
        environment.close()
    }

    private func change(_ body: (IndexWriter) throws(IndexError) -> Void) throws(StoreError) {
        if changeCount == Self.transactionChanges { try commit(appliedLSN: nil) }
        do throws(IndexError) {
            let writer =
                if let writer { writer } else {
                    try IndexWriter(environment, state: state, versionMax: .max, auditKey: keys.audit)
                }
            self.writer = writer
            try body(writer)
            changeCount += 1
        } catch {
            throw error.storeError(path: environment.path)
        }
    }

    private func commit(appliedLSN: UInt64?) throws(StoreError) {
        guard let writer else { return }
        do throws(IndexError) {
            state = try writer.commit(appliedLSN: appliedLSN, setID: setID, stateKey: keys.state)
        } catch {
            throw error.storeError(path: environment.path)
        }
        self.writer = nil
        changeCount = 0
    }
}
