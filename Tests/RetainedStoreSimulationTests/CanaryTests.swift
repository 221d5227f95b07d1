import RetainedStore
import RetainedStoreSimulation
import Testing

/// A simulation that cannot fail proves nothing: each of these broken stores must be caught.
@Suite(.serialized, .onSimulationThread) struct CanaryTests {
    @Test("A store that acknowledges before the sync is caught")
    func acknowledgedTooEarly() throws {
        var limits = SimulationLimits()
        limits.actualSync = SyncPolicy.none
        let failure = try failure(limits)
        #expect(failure.problem.contains("acknowledged"))
    }

    @Test(
        "A sync that is left out is caught, whichever it is",
        arguments: [SyncedPart.segment, .directory, .keyring, .storeDirectory, .index]
    )
    func syncLeftOut(part: SyncedPart) throws {
        var limits = SimulationLimits()
        limits.droppedSyncs = [part]
        // A torn index may end its reader, and with it these tests; one that has gone back to what it was does not.
        if part == .index { limits.survival = .nothing }
        _ = try failure(limits)
    }

    /// What the simulation says of a broken store, which it must meet within some histories.
    private func failure(_ limits: SimulationLimits) throws -> SimulationFailure {
        let failure = #expect(throws: SimulationFailure.self) { try Simulation().run(100, limits) }
        return try #require(failure)
    }
}
