import RetainedStore

/// `rotate`: a new generation of data keys, and what older ones sealed is sealed anew.
struct RotateVerb: StoreVerb {
    static let name = "rotate"

    /// Whether the answer comes when everything has been sealed anew, and not at once.
    var waits: Bool

    struct Report: VerbReport {
        /// The generation that new messages are sealed with.
        var generation: UInt32
        /// Records sealed anew so far.
        var resealed: UInt64
        /// Whether nothing is left that older keys sealed.
        var isComplete: Bool

        var text: String {
            let what = "generation \(generation) of data keys seals what is new"
            return isComplete
                ? "\(what); \(resealed) records were sealed anew"
                : "\(what); older records are being sealed anew: latch statistics says how far that is"
        }
    }

    func perform(on store: RetainedStore, progress: (String) -> Void) throws(CommandFailure) -> Report {
        do throws(StoreError) {
            let generation = try store.rotateKeys(isPaced: !waits)
            var resealed: UInt64 = 0
            if waits {
                resealed = try store.waitForRotation { pass in
                    progress("\(pass.examinedCount) of \(store.statistics.indexCount) records looked at")
                }.resealedCount
            }
            return Report(generation: generation, resealed: resealed, isComplete: waits)
        } catch {
            throw CommandFailure(error, key: nil)
        }
    }
}
