internal import CLMDB

extension MDB_val {
    /// Bytes that LMDB is to read: it does not write through the pointer, though its type would let it.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.init(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }

    /// What LMDB returned, valid as long as the transaction.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: mv_data, count: mv_size)
    }
}
