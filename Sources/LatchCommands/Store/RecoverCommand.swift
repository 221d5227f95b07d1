import ArgumentParser
import RetainedStore

/// `latch recover`: opens a store whose process was killed, and says what was found.
struct RecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Open a store after a crash, replay its journal, verify every record, and say what was found.",
        discussion: """
            latch serve replays by itself when it starts; this is for looking first, or for looking closer. \
            What is dropped is the journal's torn tail: writes that had not become durable and were never acknowledged.

            Exit codes: 0 sound, 1 command line or no store, 3 key missing or wrong, 4 store damaged, 5 store in use, \
            7 input or output failed.
            """
    )

    @OptionGroup var arguments: StoreArguments

    @Flag(help: "Take a store that was put back to an earlier state, as a snapshot of its disk is, at its word.")
    var acceptEarlier = false

    func run() throws {
        try ProcessProtection.beforeKeys()
        let source = arguments.keySource(environment: Environment.value)
        let location = try arguments.location(source)
        guard let source else { throw CommandFailure.missingKey(for: location.directory) }
        let key = try source.read()
        try StoreOwner.become(of: location.directory)
        try StructureWalk.run(over: location.directory)
        var progress = ProgressLine()
        let report: RecoveryReport
        do throws(StoreError) {
            defer { progress.clear() }
            if acceptEarlier { try RetainedStore.acceptEarlierState(at: location, key) }
            report = try RetainedStore.recover(
                StoreOptions(location: location),
                masterKey: key,
                nowSeconds: StoreArguments.nowSeconds
            ) { progress.show($0) }
        } catch {
            throw CommandFailure(error, key: source)
        }
        try arguments.finish(StoreReport(report, store: location.directory, key: source.name))
    }
}
