/// What became of the records that a salvage did not keep.
extension Salvage {
    /// Says of each record that was not kept what there is of its key now.
    func findOutcomes() throws(StoreError) {
        guard !unsaved.isEmpty else { return }
        let opener = try StoreError.whileReading { () throws(EnvironmentError) in
            try RecordOpener(setID: opened.header.setID, keyring: opened.keyring)
        }
        do throws(IndexError) {
            let reader = try IndexReader(index.environment)
            try reader.begin()
            defer { reader.end() }
            for (record, key) in unsaved {
                var record = record
                if !key.isEmpty {
                    let span = key.span
                    try span.withUnsafeBytes { key throws(IndexError) in
                        try complete(&record, key, reader, opener)
                    }
                }
                report.add(record)
            }
        } catch {
            throw error.storeError(path: index.environment.path)
        }
    }

    private func complete(
        _ record: inout UnsavedRecord,
        _ key: UnsafeRawBufferPointer,
        _ reader: IndexReader,
        _ opener: RecordOpener
    ) throws(IndexError) {
        guard let kept = try reader.value(of: key).flatMap({ IndexRecord($0) }) else {
            let cleared = clears[Array(key)] ?? 0
            let isCleared = record.version.map { cleared > $0 } ?? false
            record.outcome = isCleared ? .newerKept(version: cleared) : .lost
            return
        }
        let isNewer = record.version.map { kept.version >= $0 } ?? false
        record.outcome = isNewer ? .newerKept(version: kept.version) : .olderKept(version: kept.version)
        let parts = try? opener.open(
            kept.sealed,
            type: .set,
            key: key,
            dataKeyID: kept.dataKeyID,
            file: "",
            offset: 0
        )
        if let parts { record.topic = String(decoding: parts.topic, as: UTF8.self) }
    }
}
