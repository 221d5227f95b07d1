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
    var checkpointObserver: (@Sendable (CheckpointMoment) -> Void)?
}
