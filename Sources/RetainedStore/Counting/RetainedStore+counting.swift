extension RetainedStore {
    /// How many retained messages there are: exact while no checkpoint is under way, and else as it was counted before.
    ///
    /// Looks up in the index what has been set for the first time since the last checkpoint: a microsecond or two for each
    /// such topic, and only once, however often it is asked. Never on an event loop.
    ///
    /// - Throws: `closed`; `environment`.
    public func countRetained() throws(StoreError) -> RetainedTotals {
        try counter.count(self)
    }
}
