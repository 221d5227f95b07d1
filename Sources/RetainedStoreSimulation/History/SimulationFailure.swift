/// A store that broke its word, and how to see it again.
package struct SimulationFailure: Error, CustomStringConvertible {
    /// Which history: `LATCH_SIMULATION_SEED` brings it back.
    package var seed: UInt64
    /// What was asked for and what was found.
    package var problem: String
    /// The crash point and what of the unsynced writes was there.
    package var place: String
    /// Where the image was kept.
    package var image: String?

    package var description: String {
        "\(problem), at the \(place); LATCH_SIMULATION_SEED=\(seed) replays it" + (image.map { "; image: \($0)" } ?? "")
    }
}
