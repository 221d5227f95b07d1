internal import CLMDB
internal import Glibc
internal import Synchronization

/// A read transaction and its cursor, which belong to a reader until the index is closed.
///
/// From `lmdb.h`: "All transactions, databases, and cursors must already be closed before calling" `mdb_env_close`.
/// Readers may outlive the store that made them, so closing takes their handles away, one by one, each when it is not
/// in use.
final class IndexReaderHandle: @unchecked Sendable {
    // LMDB's handles are used by whoever has moved `state` from `idle`.

    private enum State {
        static let idle: UInt8 = 0
        static let active: UInt8 = 1
        static let closed: UInt8 = 2
    }

    let transaction: OpaquePointer
    let cursor: OpaquePointer
    private let state = Atomic<UInt8>(State.idle)

    init(_ index: IndexEnvironment) throws(IndexError) {
        var transaction: OpaquePointer?
        let code = mdb_txn_begin(index.environment, nil, UInt32(MDB_RDONLY), &transaction)
        try IndexError.check("mdb_txn_begin", code)
        var cursor: OpaquePointer?
        let cursorCode = mdb_cursor_open(transaction, index.retained, &cursor)
        guard cursorCode == MDB_SUCCESS, let transaction, let cursor else {
            mdb_txn_abort(transaction)
            throw IndexError("mdb_cursor_open", code: cursorCode)
        }
        // Reset at once: an idle transaction would keep the pages of its moment from being used again.
        mdb_txn_reset(transaction)
        self.transaction = transaction
        self.cursor = cursor
    }

    /// Begins to use the handles; false if the index is closed.
    func activate() -> Bool {
        let (exchanged, found) = state.compareExchange(
            expected: State.idle,
            desired: State.active,
            ordering: .acquiringAndReleasing
        )
        precondition(exchanged || found == State.closed, "a batch within a batch")
        return exchanged
    }

    /// Ends using them.
    func deactivate() {
        state.store(State.idle, ordering: .releasing)
    }

    /// Closes the handles, after the batch that is using them, if there is one.
    func close() {
        while true {
            let (exchanged, found) = state.compareExchange(
                expected: State.idle,
                desired: State.closed,
                ordering: .acquiringAndReleasing
            )
            if exchanged {
                mdb_cursor_close(cursor)
                mdb_txn_abort(transaction)
                return
            }
            if found == State.closed { return }
            sched_yield()
        }
    }
}
