import Glibc
import RetainedStoreSimulation
import Testing

/// A seed that does not bring back what it found is worth little.
@Suite(.serialized, .onSimulationThread) struct ReplayTests {
    @Test("the same seed gives the same operations in the same order, byte for byte", arguments: [1, 2, 3])
    func sameSeed(number: UInt64) throws {
        let seed = number &* 0x9E37_79B9_7F4A_7C15
        let counts = try (0..<2).map { _ in try Simulation().run(3, SimulationLimits(), seed: seed) }
        #expect(counts[0] == counts[1])
        #expect(try Simulation().run(3, SimulationLimits(), seed: seed &+ 7).trace != counts[0].trace)
    }

    @Test("and so on disks that fail")
    func faults() throws {
        var limits = SimulationLimits()
        limits.faults = [.error(EIO), .shortWrite(EIO)]
        let counts = try (0..<2).map { _ in try Simulation().run(6, limits, seed: 4) }
        #expect(counts[0] == counts[1] && counts[0].faults > 3)
    }
}
