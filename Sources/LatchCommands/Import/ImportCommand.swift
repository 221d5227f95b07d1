import ArgumentParser
import Glibc
import RetainedStore

/// `latch import`: takes over what another broker retains.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take over the retained messages of mosquitto, of a live broker or of another store.",
        discussion: """
            Messages keep their QoS, properties, expiry and publisher. What has expired is left out and counted. What \
            the store has already is left as it is, so that importing twice changes nothing. The broker of the store \
            must not run meanwhile. A store that does not exist is created with the key that is given.

            Exit codes: 0 all that could be read is in the store, 1 command line or no such source, 2 not a source that \
            can be read, 3 key or password missing or wrong, 4 the source is damaged and nothing was written \
            (--salvage takes what can be read), 5 store in use, 7 input or output failed.
            """
    )

    @OptionGroup var from: SourceOptions

    @Option(
        name: .customLong("into"),
        help: "The store's directory: with a mosquitto.conf, the folder latch in persistence_location."
    )
    var store: String

    @OptionGroup var keys: KeyOptions
    @OptionGroup var selection: MessageSelection

    @Flag(help: "Say what would be done, and write nothing.")
    var dryRun = false

    @Flag(help: "Where the store has another message of the topic, take the source's.")
    var replace = false

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() throws {
        try ProcessProtection.beforeKeys()
        let access = StoreAccess(store, keys: keys, for: "import", environment: Environment.value)
        try access.keepingOwner { try run(access) }
    }

    private func run(_ access: StoreAccess) throws {
        let isNew = try !StoreAccess.exists(at: store)
        let source = try from.open(selection, keys: keys)
        var run = ImportRun(
            source: source,
            selection: selection,
            isReplacing: replace,
            nowSeconds: StoreArguments.nowSeconds
        )
        let damage = try run.survey()
        guard damage.isEmpty || from.salvage || dryRun else { throw damaged(source, damage) }
        let opened = isNew && dryRun ? nil : try isNew ? access.create() : access.open()
        var progress = ProgressLine()
        do {
            defer { progress.clear() }
            try run.transfer(to: opened, isDryRun: dryRun, progress: &progress)
        } catch {
            try? opened?.close()
            throw error
        }
        try CommandFailure.ofStore(key: access.source) { () throws(StoreError) in try opened?.close() }
        let report = ImportReport(
            source: source.name,
            store: store,
            isNewStore: isNew,
            isDryRun: dryRun,
            tally: run.tally,
            damage: damage,
            unusable: run.unusable,
            notes: source.notes
        )
        print(json ? ReportJSON.text(report) : report.text)
        if isNew, !dryRun, geteuid() == 0, !json {
            StandardError.writeLine(
                "latch: the store belongs to root: where the broker runs as another account, chown -R ACCOUNT \(store)"
            )
        }
        if dryRun, !damage.isEmpty, !from.salvage { throw damaged(source, damage) }
    }

    private func damaged(_ source: any MessageSource, _ damage: [String]) -> CommandFailure {
        CommandFailure(
            .damagedStore,
            """
            \(source.name) is damaged, and nothing was written:
            \(damage.prefix(20).map { "  \($0)" }.joined(separator: "\n"))
            take what can be read with --salvage, or look first with --salvage --dry-run
            """
        )
    }
}
