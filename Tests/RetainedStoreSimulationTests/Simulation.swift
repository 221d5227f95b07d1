import Foundation
import Glibc
import RetainedStore
import RetainedStoreSimulation
import Synchronization

/// Runs many histories, in a directory of their own.
final class Simulation {
    /// How many histories a test runs: enough to be worth a minute. `LATCH_SIMULATION_ROUNDS=5000` makes it long.
    static let rounds = environment("LATCH_SIMULATION_ROUNDS").flatMap { Int($0) }
    /// The first history's seed; the others follow.
    static let seed = environment("LATCH_SIMULATION_SEED").flatMap { UInt64($0) }

    private let directory: String
    private let masterKey: MasterKey
    private let empty: StoreImage

    init() throws {
        // In memory where there is such a file system: these files live for a second, and are synced a thousand times.
        let parent = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        // As the kernel names it: what happens in it is known by names.
        directory =
            URL(filePath: parent).resolvingSymlinksInPath().path() + "/latch-simulation-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        let masterKey = try MasterKey(text: String(repeating: "6b", count: 32))
        self.masterKey = masterKey
        let location = StoreLocation(directory: directory + "/empty")
        let options = StoreOptions(location: location, limits: SimulationLimits.store)
        try SeededRandomness.with(seed: 0) {
            let store = try RetainedStore.create(options, masterKey: masterKey)
            // So that the same segments are ready whenever this is done.
            while !store.isAtRest { sched_yield() }
            try store.close()
        }
        empty = try StoreImage(directory: location.directory)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Runs histories until one fails.
    ///
    /// - Returns: What they went through.
    func run(_ count: Int, _ limits: SimulationLimits) throws -> SimulationCounts {
        let seed = Self.seed ?? UInt64.random(in: 0 ... .max)
        return try run(Self.seed == nil ? Self.rounds ?? count : Self.rounds ?? 1, limits, seed: seed)
    }

    /// The same from a seed that nothing changes.
    func run(_ count: Int, _ limits: SimulationLimits, seed: UInt64) throws -> SimulationCounts {
        var counts = SimulationCounts()
        print("LATCH_SIMULATION_SEED=\(seed) LATCH_SIMULATION_ROUNDS=\(count) replays these histories")
        for number in 0..<count {
            let history = SimulatedHistory(
                seed: seed &+ UInt64(number),
                masterKey: masterKey,
                directory: directory + "/history",
                keptDirectory: NSTemporaryDirectory(),
                limits: limits
            )
            defer {
                counts += history.counts
                try? FileManager.default.removeItem(atPath: directory + "/history-backup")
            }
            try history.run(from: empty)
        }
        return counts
    }

    private static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name]
    }
}
