import Broker
import RetainedStore

extension ServiceManager {
    /// Says that the broker lives as long as its store takes messages and all its event loops have their turns, until the
    /// task is cancelled.
    ///
    /// A broker whose store has failed says so once and nothing more: should it not end by itself, the manager ends it.
    func watch(_ broker: Broker, _ store: RetainedStore) async {
        guard let watchdogInterval else { return }
        var hasFailed = false
        while (try? await Task.sleep(for: watchdogInterval)) != nil {
            if case .failed = store.statistics.health {
                if !hasFailed { tell(.storeFailed) }
                hasFailed = true
                continue
            }
            if await broker.everyLoopAnswers() { tell(.alive) }
        }
    }
}
