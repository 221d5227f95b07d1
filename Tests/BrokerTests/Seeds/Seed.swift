import Glibc

/// The seed of a random test: from `BROKER_SEED` to replay a failure, else a fresh one. Tests print it with every failure.
enum Seed {
    static let value: UInt64 = {
        if let given = getenv("BROKER_SEED"), let seed = UInt64(String(cString: given)) { return seed }
        return UInt64.random(in: .min ... .max)
    }()
}
