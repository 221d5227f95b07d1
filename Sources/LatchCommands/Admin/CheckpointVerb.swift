import RetainedStore

/// `checkpoint`: moves what the journal holds into the index.
struct CheckpointVerb: StoreVerb {
    static let name = "checkpoint"

    struct Report: VerbReport {
        /// Every record up to it is in the index.
        var appliedLSN: UInt64

        var text: String { "checkpoint done through LSN \(appliedLSN)" }
    }

    func perform(on store: RetainedStore, progress: (String) -> Void) throws(CommandFailure) -> Report {
        do throws(StoreError) {
            try store.checkpoint()
        } catch {
            throw CommandFailure(error, key: nil)
        }
        return Report(appliedLSN: store.statistics.appliedLSN)
    }
}
