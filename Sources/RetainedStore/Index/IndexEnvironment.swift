internal import CLMDB
internal import Synchronization

/// The LMDB environment of a store: databases `retained` (blind key → record) and `meta` (`state`).
///
/// One writer, the checkpointer; a reader per `StoreReader`, with `MDB_NOTLS`, so that a read transaction belongs to
/// its reader and not to a thread. From `lmdb.h`: "A thread may only use one transaction at a time" does not hold for
/// read-only transactions then, "the caller must ensure" that a handle is used by one thread at a time.
final class IndexEnvironment: @unchecked Sendable {
    // The environment and the database handles are set by `init` and are LMDB's to synchronise.

    /// The directory.
    let path: String
    let environment: OpaquePointer
    let retained: MDB_dbi
    let meta: MDB_dbi
    private let use = Mutex<Use>(.open([]))

    static let dataName = "data.mdb"

    /// Who may use it.
    private enum Use {
        /// The readers that have these handles.
        case open([IndexReaderHandle])
        /// Nobody: what it had, the other one has.
        case replaced(IndexEnvironment)
        /// Nobody.
        case closed
    }

    /// What opening may do to the files.
    enum Access {
        /// Nothing, not even to the lock file: for whoever holds the store's own lock.
        case readOnly
        /// Create what is missing.
        case readWrite
        /// Fill the copy that a compaction makes beside the index, which no commit syncs (``IndexCopyFile``).
        case copy
    }

    /// Opens the environment.
    init(path: String, limits: StoreLimits, access: Access = .readWrite) throws(IndexError) {
        var created: OpaquePointer?
        try IndexError.check("mdb_env_create", mdb_env_create(&created))
        guard let environment = created else { throw .environment(.lmdb(function: "mdb_env_create", code: 0)) }
        do throws(IndexError) {
            try IndexError.check("mdb_env_set_mapsize", mdb_env_set_mapsize(environment, limits.mapBytes))
            try IndexError.check("mdb_env_set_maxdbs", mdb_env_set_maxdbs(environment, 2))
            try IndexError.check(
                "mdb_env_set_maxreaders",
                mdb_env_set_maxreaders(environment, UInt32(limits.readersMax))
            )
            // NOMETASYNC: a chunk's commit syncs its pages but not the meta page, whose loss undoes that commit and
            // nothing else; the end of a checkpoint syncs it. NORDAHEAD: keys are pseudo-random, neighbours on disk are
            // not read next.
            let flags =
                switch access {
                case .readOnly: MDB_NOTLS | MDB_RDONLY | MDB_NOLOCK
                case .readWrite: MDB_NOTLS | MDB_NOMETASYNC | MDB_NORDAHEAD
                case .copy: MDB_NOTLS | MDB_NOMETASYNC | MDB_NORDAHEAD | MDB_NOSYNC | MDB_NOSUBDIR
                }
            let name = access == .copy ? path + "/" + IndexCopyFile.name : path
            try IndexError.check("mdb_env_open", mdb_env_open(environment, name, UInt32(flags), 0o600), path: name)
            (retained, meta) = try Self.openDatabases(environment, access)
        } catch {
            mdb_env_close(environment)
            throw error
        }
        self.path = path
        self.environment = environment
    }

    deinit {
        close()
    }

    /// Ends the use of the index, after the batches under way: whoever reads later finds it closed.
    func close() {
        end(.closed)
    }

    /// Ends the use of this environment, after the batches under way: whoever reads later reads the other one.
    ///
    /// Nothing may be committed to the other one before this returns, so that no reader sees less of the index than there
    /// was when it took hold of the overlays.
    func close(replacedBy successor: IndexEnvironment) {
        end(.replaced(successor))
    }

    private func end(_ end: Use) {
        let isFirst = use.withLock { use in
            guard case .open(let handles) = use else { return false }
            for handle in handles { handle.close() }
            use = end
            return true
        }
        if isFirst { mdb_env_close(environment) }
    }

    /// Handles for a reader, and the environment that they belong to: this one, or what has replaced it.
    func makeHandle() throws(IndexError) -> (IndexEnvironment, IndexReaderHandle) {
        var index = self
        while true {
            let (handle, successor) = try index.openHandle()
            if let handle { return (index, handle) }
            guard let successor else { throw .closed }
            index = successor
        }
    }

    private func openHandle() throws(IndexError) -> (IndexReaderHandle?, successor: IndexEnvironment?) {
        try use.withLock { use throws(IndexError) in
            switch use {
            case .open(let handles):
                let handle = try IndexReaderHandle(self)
                use = .open(handles + [handle])
                return (handle, nil)
            case .replaced(let successor): return (nil, successor)
            case .closed: return (nil, nil)
            }
        }
    }

    /// Takes a reader's handles back.
    func close(_ handle: IndexReaderHandle) {
        use.withLock { use in
            if case .open(let handles) = use { use = .open(handles.filter { $0 !== handle }) }
            handle.close()
        }
    }

    /// Has commits sync their pages from now on, as those of an index do: the copy has become one.
    func becomeIndex() throws(IndexError) {
        try IndexError.check("mdb_env_set_flags", mdb_env_set_flags(environment, UInt32(MDB_NOSYNC), 0))
    }

    /// Returns when everything committed is on the disk.
    func sync() throws(IndexError) {
        try IndexError.check("mdb_env_sync", mdb_env_sync(environment, 1), path: path)
    }

    /// Leaf pages and records of `retained`.
    func statistics() throws(IndexError) -> (leafPageCount: Int, recordCount: Int) {
        var transaction: OpaquePointer?
        try IndexError.check("mdb_txn_begin", mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &transaction))
        defer { mdb_txn_abort(transaction) }
        var statistics = MDB_stat()
        try IndexError.check("mdb_stat", mdb_stat(transaction, retained, &statistics))
        return (statistics.ms_leaf_pages, statistics.ms_entries)
    }

    private static func openDatabases(
        _ environment: OpaquePointer,
        _ access: Access
    ) throws(IndexError) -> (MDB_dbi, MDB_dbi) {
        let isReadOnly = access == .readOnly
        var transaction: OpaquePointer?
        let beginFlags = isReadOnly ? UInt32(MDB_RDONLY) : 0
        try IndexError.check("mdb_txn_begin", mdb_txn_begin(environment, nil, beginFlags, &transaction))
        let openFlags = isReadOnly ? 0 : UInt32(MDB_CREATE)
        var retained: MDB_dbi = 0
        var meta: MDB_dbi = 0
        do throws(IndexError) {
            try IndexError.check("mdb_dbi_open", mdb_dbi_open(transaction, "retained", openFlags, &retained))
            try IndexError.check("mdb_dbi_open", mdb_dbi_open(transaction, "meta", openFlags, &meta))
        } catch {
            mdb_txn_abort(transaction)
            throw error
        }
        try IndexError.check("mdb_txn_commit", mdb_txn_commit(transaction))
        return (retained, meta)
    }
}
