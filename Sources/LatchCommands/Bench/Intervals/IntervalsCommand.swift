import ArgumentParser
import Glibc

/// `latch bench intervals`: what each sync policy costs, and what it loses, by really killing the broker.
struct IntervalsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intervals",
        abstract: "Measure what each persistence_sync costs and loses, by killing real brokers under load.",
        discussion: """
            For each policy it starts this broker on a fresh store, loads it over TCP, and kills it: once as a process is killed, \
            and again so that everything unsynced is lost as by a power cut. It starts the broker again and counts, message by \
            message, what had been acknowledged and is gone.

              latch bench intervals --quick
              latch bench intervals --report /tmp/intervals --json > intervals.json

            Needs no running broker and no key. Exit code 4 if a policy loses more than it promises.
            """
    )

    @Option(
        parsing: .upToNextOption,
        help:
            "Policies: always, none, and intervals as 10ms, 1s or 0.5 (default: always 1ms 10ms 100ms 1s 30s 1800s none)."
    )
    var policies: [SweepPolicy] = []

    @OptionGroup var workload: WorkloadOptions

    @OptionGroup var publishers: PublisherOptions

    @Option(
        help:
            "Seconds of load before a kill, to which a random part of the interval is added (default: 10; --quick: 1)."
    )
    var duration: Double?

    @Option(help: "Power cuts for each policy; the worst is shown (default: 3; --quick: 1).")
    var powerCuts: Int?

    @Flag(help: "A minute instead of ten: shorter loads, one power cut for each policy.")
    var quick = false

    @OptionGroup var scratch: ScratchOptions

    @Option(help: "Write the report as intervals.html and intervals.json into this directory.")
    var report: String?

    @Option(help: "Of the random moments of the kills.")
    var seed: UInt64?

    func run() throws {
        do throws(LoadFailure) {
            try sweep()
        } catch {
            throw BenchFailure.exit(error)
        }
    }

    var plan: SweepPlan {
        SweepPlan(
            policies: policies.isEmpty ? SweepPolicy.all : policies,
            load: LoadPlan(
                topics: workload.topics ?? 1_000,
                payloadBytes: workload.payloadBytes,
                connections: publishers.connections,
                window: publishers.window,
                seconds: SweepPlan.secondsMax,
                rate: publishers.rate
            ),
            seconds: duration ?? (quick ? 1 : 10),
            powerCuts: powerCuts ?? (quick ? 1 : 3)
        )
    }

    private func sweep() throws(LoadFailure) {
        let plan = plan
        if let problem = plan.problem { throw .plan(problem) }
        // Found out before the minutes of measuring, not after.
        if let report { try Self.createDirectory(report) }
        let interruption = Interruption()
        let stores = try TemporaryStores(in: scratch.directory)
        let machine = try MachineDescription(directory: stores.path)
        let date = Timestamp.now()
        let seed = seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
        var progress = ProgressLine(patience: .zero)
        defer { progress.clear() }
        let sweep = IntervalsSweep(plan: plan, seed: seed, directory: stores.path)
        let rows = try sweep.run { line throws(LoadFailure) in
            if interruption.isRequested { throw .interrupted }
            progress.show(line)
        }
        progress.clear()
        let result = IntervalsReport(
            date: date,
            version: LatchCommand.version,
            command: (["latch"] + CommandLine.arguments.dropFirst()).joined(separator: " "),
            machine: machine,
            topics: plan.load.topics,
            payloadBytes: plan.load.payloadBytes,
            connections: plan.load.connections,
            window: plan.load.window,
            rate: plan.load.rate,
            seconds: plan.seconds,
            seed: seed,
            rows: rows
        )
        let text = ReportJSON.text(result)
        if let report {
            try RecordFile.write(text: text + "\n", path: report + "/intervals.json")
            try RecordFile.write(text: IntervalsPage(report: result).html, path: report + "/intervals.html")
        }
        print(workload.json ? text : result.text)
        if let report { StandardError.writeLine("latch bench: wrote \(report)/intervals.html and intervals.json") }
        let broken = result.brokenPromises
        if !broken.isEmpty { throw .promiseBroken(broken) }
    }

    private static func createDirectory(_ path: String) throws(LoadFailure) {
        do throws(CommandFailure) {
            try Directory.create(path)
        } catch {
            throw .file(path: path, errno: errno)
        }
    }
}
