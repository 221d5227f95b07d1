extension StoreWriter {
    /// Adds a record of a session to the batch, to be ordered and durable together with the messages in it. Nothing is
    /// copied: what the record points to must stay until `commit` has returned.
    ///
    /// ``RetainedStore/keepSessions()`` must have been called before, for a will ``RetainedStore/keepWills()``.
    public func set(_ record: SessionRecord) {
        append(record, .set)
    }

    /// Adds the removal of a session's record to the batch; nothing of it but session, kind, number and name is looked at.
    public func clear(_ record: SessionRecord) {
        append(
            SessionRecord(session: record.session, kind: record.kind, number: record.number, name: record.name),
            .clear
        )
    }
}
