import RetainedStore
import RetainedStoreSimulation
import Testing

/// D1 on a disk that loses, tears and reorders whatever was not synced: journal, keyring and index together.
///
/// `LATCH_SIMULATION_ROUNDS=5000 swift test --filter RetainedStoreSimulationTests.CrashTests` is the long run.
@Suite(.serialized, .onSimulationThread) struct CrashTests {
    @Test("D1: at every sync of random histories, acknowledged ⊆ recovered ⊆ attempted, in order")
    func everySync() throws {
        let counts = try Simulation().run(40, SimulationLimits())
        print(counts)
        #expect(counts.changes > 100 && counts.crashes > 5 && counts.closings > 5 && counts.verifications > 100)
        // No part of the store was left out.
        for part in SyncedPart.allCases { #expect(counts.points[part, default: 0] > 0, "\(part)") }
    }

    @Test("D1: a policy that acknowledges before the sync loses nothing to a kill, and no order to a power cut")
    func withoutSync() throws {
        var limits = SimulationLimits()
        limits.sync = .none
        let counts = try Simulation().run(10, limits)
        #expect(counts.images > 100)
    }
}
