import ArgumentParser
import RetainedStore

/// `latch compact`: gives back the disk space that an index no longer uses.
struct CompactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Bring the index file of a store back to its smallest, while its broker goes on or at rest.",
        discussion: """
            The index never shrinks by itself: space that cleared or replaced messages leave is used again, not given back. \
            This writes the index anew beside the old one, compares the two record by record, and replaces the old file in one \
            step; interrupted at any moment, the store is as good as before. A running broker does it itself, between \
            checkpoints, and pauses three times as long as it works. Needs no key, and free space for the new file.

            Exit codes: 0 done, 1 command line or no store, 4 store damaged, 5 store in use by something that is no broker, \
            7 input or output failed.
            """
    )

    @Argument(help: "The store's directory: with a mosquitto.conf, the folder latch in persistence_location.")
    var store: String

    @Flag(help: "With a running broker: do not pause for the sake of its clients.")
    var fast = false

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() throws {
        let report = try VerbRun.ask(CompactVerb(isPaced: !fast), brokerOf: store) ?? compactAtRest()
        print(json ? ReportJSON.text(report) : report.text)
    }

    private func compactAtRest() throws -> CompactionSummary {
        let location = try StoreArguments.existingLocation(store)
        switch try StructureWalk.run(over: location) {
        case .damaged(let damage), .unreadable(let damage): throw CommandFailure.damagedIndex(damage, in: store)
        case .findings, .sound: break
        }
        var progress = ProgressLine()
        defer { progress.clear() }
        do throws(StoreError) {
            let report = try RetainedStore.compact(StoreOptions(location: location)) { progress.show($0) }
            return CompactionSummary(store: store, report)
        } catch {
            throw CommandFailure(error, key: nil)
        }
    }
}
