import Glibc
import RetainedStore
import RetainedStoreSimulation
import Testing

/// Disks that refuse, run full, or lie.
@Suite(.serialized, .onSimulationThread) struct FaultTests {
    @Test(
        "D1, D2: whichever operation fails or comes short, nothing is acknowledged any more, and nothing that was is lost"
    )
    func errors() throws {
        var limits = SimulationLimits()
        // A lack of space is no failure, and a store waits until it has passed: that is the next test's.
        limits.faults = [.error(EIO), .shortWrite(EIO)]
        let counts = try Simulation().run(30, limits)
        #expect(counts.faults > 10)
    }

    @Test("D3: a disk that is full for a while costs nothing that was acknowledged")
    func fullDisk() throws {
        var limits = SimulationLimits()
        limits.faults = [.outOfSpace]
        let counts = try Simulation().run(30, limits)
        #expect(counts.faults > 10)
    }

    @Test("S3: of a disk that lies the store says that it is damaged, or holds what it once held; never anything else")
    func lies() throws {
        var limits = SimulationLimits()
        limits.faults = [.flippedBit, .zeroedSector, .misdirectedWrite]
        let counts = try Simulation().run(60, limits)
        #expect(counts.faults > 10 && counts.refusals > 0)
    }
}
