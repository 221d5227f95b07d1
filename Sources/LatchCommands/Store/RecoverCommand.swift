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

            With --salvage a damaged store is made whole again of what opens. What does not goes, sealed as it is, into a \
            file in the store's folder quarantine, and the report names it. A crash leaves the damaged store or the \
            salvaged one. It needs room for a second index. Without --salvage nothing is given up.

            Exit codes: 0 sound, 1 command line or no store, 3 key missing or wrong, 4 store damaged, 5 store in use, \
            7 input or output failed.
            """
    )

    @OptionGroup var arguments: StoreArguments

    @Flag(help: "Take a store that was put back to an earlier state, as a snapshot of its disk is, at its word.")
    var acceptEarlier = false

    @Flag(
        help: "If the store is damaged: keep what opens, put the rest into quarantine, and say what could not be saved."
    )
    var salvage = false

    func run() throws {
        try ProcessProtection.beforeKeys()
        let source = arguments.keySource(environment: Environment.value)
        let location = try arguments.location(source)
        guard let source else { throw CommandFailure.missingKey(for: location.directory) }
        let key = try source.read()
        try StoreOwner.become(of: location.directory)
        let trail = try CommandTrail("recover", arguments.keys)
        let report = try trail.watching(location.directory, with: source) { () throws(CommandFailure) in
            try recoverOrSalvage(location, key, source)
        }
        if report.salvage != nil { trail.ended(detail: "salvage", isFailure: false) }
        try arguments.finish(report)
        // Everything has been looked at: the next start need not, however the last process ended.
        try CommandFailure.ofStore(key: source) { () throws(StoreError) in try CrashNote.clear(at: location) }
    }

    private func recoverOrSalvage(
        _ location: StoreLocation,
        _ key: MasterKey,
        _ source: MasterKeySource
    ) throws(CommandFailure) -> StoreReport {
        let options = StoreOptions(location: location)
        var report: StoreReport
        switch try StructureWalk.run(over: location) {
        case .damaged(let damage): report = StoreReport(damage, store: location.directory, key: source.name)
        case .unreadable(let damage): report = verified(options, key, source, damage)
        case .findings, .sound: report = try recover(options, key, source)
        }
        if salvage, report.damagedPlaces > 0 {
            let summary = try save(options, key, source)
            report = try recover(options, key, source)
            report.salvage = summary
            StandardError.writeLine(
                "latch: the store \(location.directory) was damaged and has been salvaged: \(summary.line)"
            )
        }
        return report
    }

    /// Opens the store and verifies it; where it does not open, what is damaged.
    private func recover(
        _ options: StoreOptions,
        _ key: MasterKey,
        _ source: MasterKeySource
    ) throws(CommandFailure) -> StoreReport {
        let directory = options.location.directory
        var progress = ProgressLine()
        defer { progress.clear() }
        do throws(StoreError) {
            if acceptEarlier { try RetainedStore.acceptEarlierState(at: options.location, key) }
            let report = try RetainedStore.recover(
                options,
                masterKey: key,
                nowSeconds: StoreArguments.nowSeconds
            ) { progress.show($0) }
            return StoreReport(report, store: directory, key: source.name)
        } catch {
            guard case .damaged(let damage) = error else { throw CommandFailure(error, key: source) }
            return verified(options, key, source, damage)
        }
    }

    /// What a verification finds in a store that does not open, which is more than the first thing that opening met, unless it
    /// can not be read either.
    private func verified(
        _ options: StoreOptions,
        _ key: MasterKey,
        _ source: MasterKeySource,
        _ damage: Damage
    ) -> StoreReport {
        var found = VerificationReport()
        if let all = try? RetainedStore.verify(options, masterKey: key, nowSeconds: StoreArguments.nowSeconds) {
            found = all
        }
        if found.isSound { found.note(damage) }
        return StoreReport(found, store: options.location.directory, key: source.name)
    }

    private func save(
        _ options: StoreOptions,
        _ key: MasterKey,
        _ source: MasterKeySource
    ) throws(CommandFailure) -> SalvageSummary {
        var progress = ProgressLine()
        defer { progress.clear() }
        do throws(StoreError) {
            let report = try RetainedStore.salvage(
                options,
                masterKey: key,
                nowSeconds: StoreArguments.nowSeconds
            ) { progress.show($0) }
            return SalvageSummary(report)
        } catch {
            throw CommandFailure(error, key: source)
        }
    }
}
