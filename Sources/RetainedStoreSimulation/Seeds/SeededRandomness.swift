internal import CWriteRecorder

/// Keys, ids, salts and nonces that a seed brings back, for whatever the calling thread does to a store and for the
/// threads that the store has for it.
package enum SeededRandomness {
    package static func with<Result, Failure: Error>(
        seed: UInt64,
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        seeded_random_begin(seed)
        defer { seeded_random_end() }
        return try body()
    }
}
