import ArgumentParser
import RetainedStore

/// `latch bench store`: the storage engine by itself, without sockets.
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Measure the storage engine without sockets: set, get, scan, checkpoint, open.",
        discussion: """
            On a fresh store with a key of its own, which is removed afterwards. What stands between these figures and those of \
            'latch bench load' is the broker.

            Several sizes are measured one after the other, and show whether memory depends on the size:

              latch bench store --topics 100000 --topics 1000000
            """
    )

    @Option(help: "Topics in all; may be repeated. (default: 100000)")
    var topics: [Int] = []

    @Option(help: "Bytes of a payload.")
    var payloadBytes = 200

    @Option(help: "Messages that are committed together, as those of one read from a socket are.")
    var batch = 64

    @Option(help: "Threads that set and get.")
    var threads = 2

    @Option(help: "Batches that a thread commits before it waits for the oldest to be durable.")
    var window = 16

    @Option(help: "Policy: always, none, or an interval as 10ms or 1s.")
    var sync = SweepPolicy.always

    @OptionGroup var scratch: ScratchOptions

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() throws {
        do throws(LoadFailure) {
            try measure()
        } catch {
            throw BenchFailure.exit(error)
        }
    }

    private func measure() throws(LoadFailure) {
        for topics in topics.isEmpty ? [100_000] : topics { try measure(topics) }
    }

    private func measure(_ topics: Int) throws(LoadFailure) {
        let plan = StorePlan(
            topics: topics,
            payloadBytes: payloadBytes,
            batch: batch,
            threads: threads,
            window: window,
            policy: sync
        )
        if let problem = plan.problem { throw .plan(problem) }
        let stores = try TemporaryStores(in: scratch.directory)
        let machine = try MachineDescription(directory: stores.path)
        var progress = ProgressLine(patience: .zero)
        defer { progress.clear() }
        let run = StoreRun(plan: plan, directory: stores.path + "/store")
        let rows = try run.run { progress.show($0) }
        progress.clear()
        let report = EngineReport(
            date: Timestamp.now(),
            version: LatchCommand.version,
            machine: machine,
            topics: plan.topics,
            payloadBytes: plan.payloadBytes,
            batch: batch,
            threads: threads,
            window: window,
            policy: sync.name,
            rows: rows
        )
        print(json ? ReportJSON.text(report) : report.text)
    }
}
