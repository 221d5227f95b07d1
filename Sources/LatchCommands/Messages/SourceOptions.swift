import ArgumentParser
import MQTTWire
import Mosquitto
import RetainedStore

/// Where messages are taken from, and what has to be known to read them.
struct SourceOptions: ParsableArguments {
    /// What a source is; found out from its first bytes where it is not said.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case mosquittoDB = "mosquitto-db"
        case gocryptfs
        case sqlite
        case dump
        case ndjson
        case store
        case broker
    }

    @Argument(
        help: """
            A mosquitto.db, a directory that holds one, a gocryptfs directory, mosquitto's sqlite store, the output of \
            mosquitto_db_dump --json, NDJSON (- for standard input), a store of Latch, or mqtt://[USER@]HOST[:PORT].
            """
    )
    var source: String

    @Option(help: "What the source is, where its first bytes do not tell.")
    var format: Format?

    @Option(
        help: """
            A file with the password of the gocryptfs directory, or of the broker's user. Without it: \
            $GOCRYPT_PASSWORD, or a question, for gocryptfs; none for a broker.
            """
    )
    var passwordFile: String?

    @Option(help: "The master key of the store that is imported, where it is not that of the one it goes to.")
    var sourceKeyFile: String?

    @Option(help: "The keyring of the store that is imported, where it is neither beside its key nor in it.")
    var sourceKeyring: String?

    @Flag(help: "Take what can be read of a damaged source, messages that have lost their retain mark included.")
    var salvage = false

    /// Opens the source.
    ///
    /// - Parameters:
    ///   - selection: what is asked for, where the source can be asked for less than everything.
    ///   - keys: where the key of a store comes from, where nothing else is said.
    func open(_ selection: MessageSelection, keys: KeyOptions) throws(CommandFailure) -> any MessageSource {
        let format = if let format { format } else { try detected() }
        switch format {
        case .broker: return try broker(selection)
        case .gocryptfs: return try GocryptfsSource.open(source, password: try gocryptfsPassword(), isSalvage: salvage)
        case .store: return try store(selection, keys)
        case .sqlite: return SQLiteSource(path: source)
        case .mosquittoDB:
            let path = FileContents.isDirectory(source) ? "\(source)/mosquitto.db" : source
            return try DatabaseSource(
                bytes: try FileContents.read(path),
                place: path,
                modifiedSeconds: FileContents.modificationSeconds(of: path),
                isSalvage: salvage
            )
        case .dump: return try ListedSource.dump(json: try FileContents.read(source), place: source)
        case .ndjson: return RecordSource(bytes: try FileContents.read(source), place: source)
        }
    }

    private func detected() throws(CommandFailure) -> Format {
        if source.contains("://") { return .broker }
        if source == FileContents.standardInput { return .ndjson }
        if FileContents.isDirectory(source) {
            for (name, format) in [
                (GocryptfsSource.configurationName, Format.gocryptfs), ("latch.store", .store),
                ("mosquitto.db", .mosquittoDB),
            ] where Directory.exists("\(source)/\(name)") {
                return format
            }
            throw CommandFailure(
                .usage,
                "\(source) holds neither a mosquitto.db nor a gocryptfs.conf nor a latch.store: name the file that is to be imported"
            )
        }
        let start = try FileContents.prefix(4096, of: source)
        if start.starts(with: MosquittoDatabase.magic) { return .mosquittoDB }
        if start.starts(with: SQLiteStore.magic) { return .sqlite }
        // A line of NDJSON is a whole object; the dump is printed over many lines, or begins with one of its lists.
        if start.first == UInt8(ascii: "{") {
            return String(decoding: start, as: UTF8.self).contains("\"base-messages\"") ? .dump : .ndjson
        }
        throw CommandFailure(
            .configuration,
            "\(source) is none of the files that can be imported: a mosquitto.db, a sqlite store, a dump as JSON, or NDJSON"
        )
    }

    private func broker(_ selection: MessageSelection) throws(CommandFailure) -> any MessageSource {
        let broker = try LiveBroker(url: source, passwordFile: passwordFile)
        defer { broker.disconnect() }
        return try broker.takeRetained(selection.filters)
    }

    private func store(_ selection: MessageSelection, _ keys: KeyOptions) throws(CommandFailure) -> any MessageSource {
        var keys = keys
        if let sourceKeyFile {
            keys.keyFile = sourceKeyFile
            keys.keyCommand = nil
        }
        keys.keyring = sourceKeyring
        let access = StoreAccess(source, keys: keys, for: "import", environment: Environment.value)
        return StoreSource(try access.open(), selection: selection)
    }

    private func gocryptfsPassword() throws(CommandFailure) -> Password {
        if let passwordFile { return try Password.file(passwordFile) }
        if let password = Password.environment(MasterKeySource.passphraseVariable) { return password }
        if let password = try Password.prompt("Password of the gocryptfs directory \(source): ") { return password }
        throw CommandFailure(
            .key,
            "\(source) is encrypted: give its password with --password-file FILE or $\(MasterKeySource.passphraseVariable)"
        )
    }
}
