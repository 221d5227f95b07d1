/// Some neighbouring records of an index, copied out of it within one short transaction.
struct BackupBatch {
    /// Records and bytes that one transaction copies: some milliseconds.
    private static let recordsMax = 2_048
    private static let bytesMax = 4 << 20

    /// Everything up to it is in the index that the batch was read from.
    let appliedLSN: UInt64
    private(set) var keys: [[UInt8]] = []
    private(set) var values: [[UInt8]] = []
    /// The key behind the last one; nil: there is none.
    private(set) var nextKey: [UInt8]?

    /// Reads the records from a key on.
    init(_ reader: IndexReader, from start: [UInt8], appliedLSN: UInt64) throws(IndexError) {
        self.appliedLSN = appliedLSN
        try reader.begin()
        defer { reader.end() }
        var item: IndexReader.Item?
        if start.isEmpty {
            item = try reader.first()
        } else {
            let span = start.span
            item = try span.withUnsafeBytes { start throws(IndexError) in try reader.seek(start) }
        }
        var bytes = 0
        while let current = item {
            if keys.count == Self.recordsMax || bytes >= Self.bytesMax {
                nextKey = Array(current.key)
                return
            }
            keys.append(Array(current.key))
            values.append(Array(current.value))
            bytes += current.value.count
            item = try reader.next()
        }
    }
}
