import RetainedStore

/// `compact`: brings the index file back to its smallest while the store is being used.
struct CompactVerb: StoreVerb {
    static let name = "compact"

    /// Whether it pauses three times as long as it works, for the sake of clients.
    var isPaced: Bool

    func perform(on store: RetainedStore, progress: (String) -> Void) throws(CommandFailure) -> CompactionSummary {
        do throws(StoreError) {
            let report = try store.compact(isPaced: isPaced) { progress(ProgressLine.text($0)) }
            return CompactionSummary(store: store.options.location.directory, report)
        } catch {
            throw CommandFailure(error, key: nil)
        }
    }
}
