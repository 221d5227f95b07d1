import Glibc

/// The seed of a random test: `RETAINED_STORE_SEED` to replay a failure, else a fresh one. Tests name it in what they
/// report.
enum Seed {
    static let value: UInt64 = {
        if let given = getenv("RETAINED_STORE_SEED"), let seed = UInt64(String(cString: given)) { return seed }
        let seed = UInt64.random(in: .min ... .max)
        print("RETAINED_STORE_SEED=\(seed) replays this run's random tests")
        return seed
    }()
}
