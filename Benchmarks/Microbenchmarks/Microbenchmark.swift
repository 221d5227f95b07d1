/// One kind of work that is done again and again.
struct Microbenchmark {
    let name: String
    /// Does the work so many times; returns something that depends on all of it.
    let run: (Int) throws -> Int

    /// In the order in which a message meets them.
    static var all: [Microbenchmark] {
        ProtocolBenchmarks.all + EngineBenchmarks.all + StoreBenchmarks.all
    }
}
