import ArgumentParser
import RetainedStore

/// `latch compact`: gives back the disk space that an index no longer uses.
struct CompactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Bring the index file of a store back to its smallest; the broker must not be running.",
        discussion: """
            The index never shrinks by itself: space that cleared or replaced messages leave is used again, not given back. \
            This writes the index anew beside the old one, compares the two record by record, and replaces the old file in one \
            step; interrupted at any moment, the store is as good as before. Needs no key, and free space for the new file.

            Exit codes: 0 done, 1 command line or no store, 4 store damaged, 5 store in use, 7 input or output failed.
            """
    )

    @Argument(help: "The store's directory: with a mosquitto.conf, the folder latch in persistence_location.")
    var store: String

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() throws {
        let location = try StoreArguments.existingLocation(store)
        if case .damaged(let damage) = try StructureWalk.run(over: store) {
            throw CommandFailure.damagedIndex(damage, in: store)
        }
        var progress = ProgressLine()
        let found: CompactionReport
        do throws(StoreError) {
            defer { progress.clear() }
            found = try RetainedStore.compact(StoreOptions(location: location)) { progress.show($0) }
        } catch {
            throw CommandFailure(error, key: nil)
        }
        let report = CompactionSummary(store: store, found)
        print(json ? ReportJSON.text(report) : report.text)
    }
}
