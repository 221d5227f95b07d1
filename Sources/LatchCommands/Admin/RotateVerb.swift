import Glibc
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
            while waits, let pass = store.indexPasses.first(where: { $0.purpose == .reseal }) {
                resealed = pass.progress.resealedCount
                progress("\(pass.progress.examinedCount) of \(store.statistics.indexCount) records looked at")
                if case .failed(let error) = store.statistics.health { throw error }
                usleep(100_000)
            }
            return Report(generation: generation, resealed: resealed, isComplete: waits)
        } catch {
            throw CommandFailure(error, key: nil)
        }
    }
}
