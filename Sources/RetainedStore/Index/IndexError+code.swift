internal import CLMDB
internal import Glibc

extension IndexError {
    /// The meaning of a code that a function of LMDB returned.
    init(_ function: String, code: Int32, path: String? = nil) {
        self =
            switch code {
            case MDB_MAP_FULL, ENOSPC, EDQUOT, EFBIG: .full
            case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_PAGE_FULL, MDB_CURSOR_FULL, MDB_INVALID, MDB_VERSION_MISMATCH,
                MDB_BAD_VALSIZE, MDB_INCOMPATIBLE, MDB_NOTFOUND:
                .damaged(code: code)
            case 1...: .environment(.system(call: function, path: path, errno: code))
            default: .environment(.lmdb(function: function, code: code))
            }
    }

    /// A key in `retained` that can not be a topic's.
    static var malformedKey: IndexError { .damaged(code: MDB_CORRUPTED) }

    /// Throws unless the code is success.
    @inline(__always)
    static func check(_ function: String, _ code: Int32, path: String? = nil) throws(IndexError) {
        if code != MDB_SUCCESS { throw IndexError(function, code: code, path: path) }
    }

    /// The same failure in the words of a store that is not writing.
    func storeError(path: String) -> StoreError {
        switch self {
        case .full: .full(.index)
        case .damaged(let code):
            .damaged(
                Damage(
                    file: path,
                    offset: 0,
                    field: "LMDB",
                    expected: "a sound tree",
                    found: String(cString: mdb_strerror(code))
                )
            )
        case .record(let error): error
        case .closed: .closed
        case .environment(let error): .environment(error)
        }
    }
}
