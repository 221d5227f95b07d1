/// What opening has put together, on its way into a `RetainedStore`.
struct StoreParts {
    var options: StoreOptions
    var report: OpenReport
    var opened: OpenedStore
    var journal: Journal
    var overlays: Overlays
    var index: IndexEnvironment
    var indexState: IndexState
    var lock: DirectoryLock
    /// What lies beside the keyring; nil: none of this store's.
    var anchor: Anchor?
    /// What the index says of messages that expire; nil: nothing.
    var expiryNote: ExpiryNote?
    var clock: StoreClock
    var checkpointObserver: (@Sendable (CheckpointMoment) -> Void)?
}
