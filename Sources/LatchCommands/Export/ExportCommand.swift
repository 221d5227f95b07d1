import ArgumentParser
import MQTTWire
import Mosquitto
import RetainedStore

/// `latch export`: gives what a store retains to another broker, a file or another store.
struct ExportCommand: ParsableCommand {
    /// The form of a file in clear.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case ndjson
        case mosquittoDB = "mosquitto-db"
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Write the retained messages of a store for mosquitto, for scripts, for a live broker or for another store.",
        discussion: """
            Files hold topics and payloads in clear and are written only with --plaintext. --sealed writes a small store \
            in their place, under the same key or the one of --sealed-key-file, which latch import reads. The broker of \
            the store must not run meanwhile. Expired messages are left out.

            Exit codes: 0 everything is written, 1 command line or no store, 3 key missing or wrong, 4 store damaged, \
            5 store in use, 7 input or output failed, or the broker refused a message.
            """
    )

    @Argument(help: "The store's directory: with a mosquitto.conf, the folder latch in persistence_location.")
    var store: String

    @Option(help: "The form of the file: ndjson, or mosquitto-db for mosquitto 2.0 and 2.1.")
    var format: Format = .ndjson

    @Option(help: "The file, which must not exist; standard output without it. With --sealed, the directory.")
    var output: String?

    @Flag(help: "Write topics and payloads in clear.")
    var plaintext = false

    @Flag(help: "Write a store in place of a file in clear.")
    var sealed = false

    @Option(help: "The master key of the store that --sealed writes, where it is another one.")
    var sealedKeyFile: String?

    @Option(name: .customLong("to"), help: "Publish to the broker mqtt://[USER@]HOST[:PORT] in place of a file.")
    var broker: String?

    @Option(help: "A file with the password of the broker's user.")
    var passwordFile: String?

    @Option(name: .customLong("user"), help: "Only the topics below this first level: what belongs to one user.")
    var user: String?

    @OptionGroup var selection: MessageSelection
    @OptionGroup var keys: KeyOptions

    func validate() throws {
        if sealed, plaintext || broker != nil {
            throw ValidationError("--sealed excludes --plaintext and --to")
        }
        if sealed, output == nil { throw ValidationError("--sealed wants --output DIRECTORY") }
        if broker != nil, output != nil { throw ValidationError("--to and --output exclude each other") }
        if format == .mosquittoDB, broker == nil, !sealed, output == nil {
            throw ValidationError("--format mosquitto-db wants --output FILE")
        }
        if sealedKeyFile != nil, !sealed { throw ValidationError("--sealed-key-file goes with --sealed") }
        if let user { _ = try Self.filter(ofUser: user) }
    }

    func run() throws {
        guard plaintext || sealed || broker != nil else {
            throw CommandFailure(
                .usage,
                "topics and payloads would be written in clear: say --plaintext if that is wanted, or --sealed for another store"
            )
        }
        try ProcessProtection.beforeKeys()
        var selection = selection
        if let user { selection.filters.append(try Self.filter(ofUser: user)) }
        let access = StoreAccess(store, keys: keys, for: "export", environment: Environment.value)
        try access.keepingOwner {
            let opened = try access.open()
            do {
                try write(StoreSource(opened, selection: selection))
            } catch {
                try? opened.close()
                throw error
            }
            try CommandFailure.ofStore { () throws(StoreError) in try opened.close() }
        }
    }

    private func write(_ source: StoreSource) throws(CommandFailure) {
        if let broker { return try publish(source, to: broker) }
        if sealed, let output {
            var keys = keys
            keys.keyring = nil
            if let sealedKeyFile {
                keys.keyFile = sealedKeyFile
                keys.keyCommand = nil
            }
            let sink = try SealedSink(StoreAccess(output, keys: keys, for: "export", environment: Environment.value))
            return try write(source, to: sink, "sealed, to \(output)")
        }
        let file = try OutputFile(output)
        let place = output ?? "standard output"
        switch format {
        case .ndjson: try write(source, to: RecordSink(file: file), "in clear, to \(place)")
        case .mosquittoDB: try write(source, to: try DatabaseSink(file), "in clear, to \(place)")
        }
        StandardError.writeLine(
            "latch: whoever reads \(place) reads every message: keep it where only you can, and remove it soon"
        )
    }

    private func write(
        _ source: StoreSource,
        to sink: some MessageSink,
        _ where: String
    ) throws(CommandFailure) {
        var sink = sink
        var count = 0
        try source.forEach { (item) throws(CommandFailure) in
            guard case .message(let message) = item else { return }
            try sink.take(message)
            count += 1
        }
        try sink.finish()
        StandardError.writeLine("latch: exported \(LoadReport.grouped(count)) messages \(`where`)")
    }

    private func publish(_ source: StoreSource, to text: String) throws(CommandFailure) {
        let broker = try LiveBroker(url: text, passwordFile: passwordFile)
        defer { broker.disconnect() }
        let report = try broker.give { (give) throws(CommandFailure) in
            try source.forEach { (item) throws(CommandFailure) in
                guard case .message(let message) = item else { return }
                try give(message)
            }
        }
        StandardError.writeLine("latch: published \(LoadReport.grouped(report.given)) messages to \(broker.place)")
        guard report.refusedCount == 0 else {
            let reasons = report.refused.sorted { $0.key < $1.key }.map { "\($0.value) with \($0.key)" }
            throw CommandFailure(
                .inputOutput,
                "the broker refused \(report.refusedCount) messages: \(reasons.joined(separator: ", ")); 0x87 means that the user may not write there"
            )
        }
    }

    private static func filter(ofUser user: String) throws -> TopicFilter {
        guard let filter = try? TopicFilter(user + "/#"), !user.contains("/"), !user.contains("+"), !user.isEmpty else {
            throw ValidationError("'\(user)' cannot be the first level of a topic")
        }
        return filter
    }
}
