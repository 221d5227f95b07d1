import ArgumentParser
import RetainedStore

/// `latch verify`: reads everything in a store and changes nothing.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read everything in a store and say what is damaged; change nothing.",
        discussion: """
            With the key every record is opened, and records that were taken away or rolled back are noticed. Without \
            it only structure and checksums can be checked, which the report says.

            Exit codes: 0 sound, 1 command line or no store, 3 key wrong, 4 store damaged, 5 store in use, \
            7 input or output failed.
            """
    )

    @OptionGroup var arguments: StoreArguments

    @Flag(help: "Check structure and checksums only, even where a key is at hand.")
    var withoutKey = false

    /// Set in the process that ``StructureWalk`` starts, which is there to be ended by what it reads.
    @Flag(help: .hidden)
    var unguarded = false

    func run() throws {
        try ProcessProtection.beforeKeys()
        let source = withoutKey ? nil : arguments.keySource(environment: Environment.value)
        let location = try arguments.location(source)
        let key = try source?.read()
        let trail = try CommandTrail("verify", arguments.keys)
        if !unguarded, case .damaged(let damage) = try StructureWalk.run(over: location) {
            return try arguments.finish(StoreReport(damage, store: location.directory, key: source?.name))
        }
        var progress = ProgressLine()
        let report = try trail.opening(location.directory, with: source) { () throws(StoreError) in
            defer { progress.clear() }
            return try RetainedStore.verify(
                StoreOptions(location: location),
                masterKey: key,
                nowSeconds: StoreArguments.nowSeconds
            ) { progress.show($0) }
        }
        try arguments.finish(StoreReport(report, store: location.directory, key: source?.name))
    }
}
