import Broker

extension ServiceManager {
    /// Says that the broker lives as long as all its event loops have their turns, until the task is cancelled.
    func watch(_ broker: Broker) async {
        guard let watchdogInterval else { return }
        while (try? await Task.sleep(for: watchdogInterval)) != nil {
            if await broker.everyLoopAnswers() { tell(.alive) }
        }
    }
}
