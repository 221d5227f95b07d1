internal import Synchronization

extension StoreReader {
    /// Hands out a record of the journal, if it is wanted; returns the bytes of topic, properties and payload.
    func deliver(
        _ place: JournalPlace,
        _ key: UnsafeRawBufferPointer,
        _ target: RecordTarget,
        _ body: (RetainedView) -> Void
    ) throws(StoreError) -> Int? {
        try journal.withRecord(at: place, isSealed: true) { (record) throws(StoreError) in
            guard record.type == RecordType.set.rawValue, record.version <= target.upToVersion else { return nil }
            let opened = try opener.openUnlessShredded(
                record.sealed,
                version: record.version,
                key: key,
                dataKeyID: record.dataKeyID,
                file: store.options.location.journalPath + "/" + SegmentName.segment(place.segment),
                offset: place.offset
            )
            guard let parts = opened else { return nil }
            return Self.hand(parts, version: record.version, target, body)
        }
    }

    /// Hands out a record of the index, if it is wanted; returns the bytes of topic, properties and payload.
    func deliver(
        _ value: UnsafeRawBufferPointer,
        _ key: UnsafeRawBufferPointer,
        _ target: RecordTarget,
        _ body: (RetainedView) -> Void
    ) throws(StoreError) -> Int? {
        let record = try checkedRecord(value)
        guard record.version <= target.upToVersion else { return nil }
        let opened = try opener.openUnlessShredded(
            record.sealed,
            version: record.version,
            key: key,
            dataKeyID: record.dataKeyID,
            file: index.path,
            offset: IndexReader.fileOffset(of: value)
        )
        guard let parts = opened else { return nil }
        return Self.hand(parts, version: record.version, target, body)
    }

    /// The record that a value of the index is, of a version that the journal has come to: that stands outside the envelope, and
    /// one that lies ahead would hide what is newer.
    func checkedRecord(_ value: UnsafeRawBufferPointer) throws(StoreError) -> IndexRecord {
        let record = try IndexRecord.checked(value, file: index.path)
        let syncedLSN = store.journal.syncedLSN.load(ordering: .acquiring)
        guard record.version <= syncedLSN else {
            let offset = IndexReader.fileOffset(of: value)
            throw .damaged(
                index.path,
                at: offset,
                "version",
                expected: "at most \(syncedLSN)",
                found: "\(record.version)"
            )
        }
        return record
    }

    private static func hand(
        _ parts: MessageParts,
        version: UInt64,
        _ target: RecordTarget,
        _ body: (RetainedView) -> Void
    ) -> Int? {
        if parts.expiryTimeSeconds != 0, parts.expiryTimeSeconds <= target.nowSeconds { return nil }
        if let pattern = target.pattern, !pattern.matches(topic: parts.topic) { return nil }
        body(RetainedView(parts, version: version))
        return parts.topic.count + parts.properties.count + parts.payload.count
    }
}
