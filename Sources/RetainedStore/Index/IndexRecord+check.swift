extension IndexRecord {
    /// A value that says nothing unknown.
    static func checked(_ value: UnsafeRawBufferPointer, file: @autoclosure () -> String) throws(StoreError)
        -> IndexRecord
    {
        guard let record = IndexRecord(value) else {
            let offset = IndexReader.fileOffset(of: value)
            throw .damaged(file(), at: offset, "value bytes", expected: "a record", found: "\(value.count) bytes")
        }
        guard RecordCollection(rawValue: record.collection) != nil else {
            throw .unsupported(file: file(), what: "collection \(record.collection)")
        }
        // A clear removes its topic from the index: only sets stand there.
        guard record.type == RecordType.set.rawValue else {
            throw .unsupported(file: file(), what: "record type \(record.type)")
        }
        return record
    }
}
