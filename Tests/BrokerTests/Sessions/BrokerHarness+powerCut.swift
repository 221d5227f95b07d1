import BrokerTesting
import Testing

extension BrokerHarness {
    /// What is left of a broker's store when the power goes at the end of `body`.
    ///
    /// - Parameter store: The store that the broker has; a new one without it.
    static func cutPower(
        _ setup: BrokerSetup,
        on store: KeptStore? = nil,
        after body: (BrokerHarness) async throws -> Void
    ) async throws -> KeptStore {
        let store = try store ?? KeptStore()
        var left: KeptStore?
        try await run(setup, on: store) { broker in
            try await body(broker)
            left = try store.copy()
        }
        return try #require(left)
    }
}
