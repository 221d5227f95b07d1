import RetainedStore

/// `health`: whether the store takes retained messages.
struct HealthVerb: StoreVerb {
    static let name = "health"
    static let isAudited = false

    struct Report: VerbReport {
        /// `healthy`, `full` or `failed`.
        var health: String
        /// Why it is not healthy.
        var reason: String?
        /// Files with what salvages did not keep, until somebody removes them.
        var quarantine: [String]?

        var text: String {
            state + (quarantine.map { "\nsalvaged; what could not be kept is in \($0.joined(separator: ", "))" } ?? "")
        }

        private var state: String { reason.map { "\(health): \($0)" } ?? health }

        var failure: CommandFailure? {
            health == "healthy" ? nil : CommandFailure(.inputOutput, "the store takes no retained messages: \(state)")
        }

        init(_ statistics: StoreStatistics) {
            if !statistics.quarantinePaths.isEmpty { quarantine = statistics.quarantinePaths }
            switch statistics.health {
            case .healthy: self.health = "healthy"
            case .full(let space):
                self.health = "full"
                reason = "no space for the \(space); retained messages are refused until there is some"
            case .failed(let error):
                self.health = "failed"
                reason = "\(error); the store must be opened anew"
            }
        }
    }

    func perform(on store: RetainedStore, progress: (String) -> Void) -> Report {
        Report(store.statistics)
    }
}
