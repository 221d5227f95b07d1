import Broker
import Glibc
import Logging
import Mosquitto
import RetainedStore

/// Opens the store that the settings name, or creates it, and says what it did.
struct StoreOpening {
    /// A store that is open.
    struct Opened {
        let store: RetainedStore
        /// The directory to be removed at exit (`persistence false`).
        let temporaryDirectory: String?

        func removeIfTemporary() {
            if let temporaryDirectory { Directory.remove(temporaryDirectory) }
        }
    }

    private let settings: ServeSettings
    private let source: MasterKeySource?
    private let keyring: String?
    private let audit: AuditLog?

    init(_ settings: ServeSettings, _ keys: KeyOptions, audit: AuditLog? = nil) {
        self.audit = audit
        self.settings = settings
        let isConfigured = settings.configurationFile != nil
        source = MasterKeySource.find(
            keys,
            // Without a configuration the default file is the last resort, not the first.
            configuredFile: isConfigured ? settings.masterKeyFile : nil,
            configuredCommand: settings.masterKeyCommand,
            environment: Environment.value
        )
        keyring = keys.keyring ?? settings.keyringPath
    }

    /// - Throws: ``CommandFailure``.
    func open(_ logger: Logger) throws(CommandFailure) -> Opened {
        switch settings.store {
        case .temporary:
            if settings.losesUnsyncedWrites {
                throw CommandFailure(
                    .usage,
                    "--lose-unsynced-writes goes with a store that lasts: set persistence true"
                )
            }
            logger.warning("persistence is false: retained messages are gone when the broker ends")
            return try openTemporary()
        case .directory(let directory):
            return try open(directory, logger)
        }
    }

    private func open(_ directory: String, _ logger: Logger) throws(CommandFailure) -> Opened {
        let exists = Directory.exists(directory + "/latch.store")
        if !exists { try refuseOlderStore(beside: directory) }
        let source = source ?? (settings.mayGenerateKey ? settings.masterKeyFile.map { .file(path: $0) } : nil)
        guard let source else { throw exists ? .missingKey(for: directory) : .missingFirstKey }
        let key: MasterKey
        if settings.mayGenerateKey, case .file(let path) = source, !Directory.exists(path) {
            // Never a new key for a store that wants another.
            guard !exists else { throw .missingKey(for: directory) }
            key = try NewKeyFile.create(at: path)
            logger.notice("created the master key \(path): whoever loses it loses the data; back it up elsewhere")
        } else {
            key = try source.read()
        }
        warnAboutKeyFile(source, logger)
        // First, because the keyring's name is made of the path that the folder then has.
        if !exists { try Directory.createParents(of: directory) }
        let location = StoreLocation(
            directory: directory,
            keyring: keyring ?? source.keyringPath(of: directory, isNew: !exists)
        )
        var options = StoreOptions(location: location, sync: settings.sync)
        options.limits.sweepIntervalMilliseconds = settings.sweepIntervalMilliseconds
        if exists, !settings.losesUnsyncedWrites { return try openExisting(options, key, source, logger) }
        do throws(StoreError) {
            let store: RetainedStore
            if settings.losesUnsyncedWrites {
                logger.warning(
                    "--lose-unsynced-writes: a kill loses what a power cut would; never with messages that count"
                )
                store = try RetainedStore.openLosingUnsyncedWrites(options, masterKey: key)
            } else {
                store = try RetainedStore.create(options, masterKey: key)
            }
            report(store, isNew: !exists, source, logger)
            return Opened(store: store, temporaryDirectory: nil)
        } catch {
            throw failure(error, source, location)
        }
    }

    /// Opens a store that is there; a damaged one is salvaged if the configuration says so.
    private func openExisting(
        _ options: StoreOptions,
        _ key: MasterKey,
        _ source: MasterKeySource,
        _ logger: Logger
    ) throws(CommandFailure) -> Opened {
        let location = options.location
        func opened(_ store: RetainedStore) -> Opened {
            report(store, isNew: false, source, logger)
            return Opened(store: store, temporaryDirectory: nil)
        }
        do throws(StoreError) {
            if let signal = CrashNote.read(at: location) {
                try lookFirst(location, after: signal, logger)
            }
            return opened(try RetainedStore.open(options, masterKey: key))
        } catch {
            guard case .damaged(let damage) = error else { throw failure(error, source, location) }
            guard settings.recoverOnStart == .salvage else {
                throw .damagedIndexOrJournal(damage, in: location.directory)
            }
            logger.warning("the store \(location.directory) is damaged: \(damage)")
        }
        return opened(try salvage(options, key, source, logger))
    }

    /// Why the store does not open; the audit trail hears it if the key is to blame.
    private func failure(_ error: StoreError, _ source: MasterKeySource, _ location: StoreLocation) -> CommandFailure {
        let failure = CommandFailure(error, key: source)
        if failure.status == .key { audit?.write(AuditEvent(store: location.directory, refused: source)) }
        return failure
    }

    /// Walks the index in a process of its own, because the last process may have died of it.
    private func lookFirst(_ location: StoreLocation, after signal: Int32, _ logger: Logger) throws(StoreError) {
        logger.warning(
            """
            the last process that had \(location.directory) open was ended by signal \(signal) \
            (\(String(cString: strsignal(signal)))): looking at the index before it is opened
            """
        )
        let outcome: StructureWalk.Outcome
        do throws(CommandFailure) {
            outcome = try StructureWalk.run(over: location)
        } catch {
            logger.warning("\(error): the index was not looked at")
            return
        }
        switch outcome {
        case .damaged(let damage), .unreadable(let damage): throw .damaged(damage)
        case .findings:
            throw .damaged(
                Damage(
                    file: location.directory,
                    offset: 0,
                    field: "store",
                    expected: "sound in structure and checksums",
                    found: "damage, of which latch verify says where it is"
                )
            )
        case .sound: logger.notice("the index can be read: the crash had another cause")
        }
        try CrashNote.clear(at: location)
    }

    /// Saves what opens, says so, and opens that.
    private func salvage(
        _ options: StoreOptions,
        _ key: MasterKey,
        _ source: MasterKeySource,
        _ logger: Logger
    ) throws(CommandFailure) -> RetainedStore {
        logger.warning("recover_on_start salvage: saving what opens")
        do throws(StoreError) {
            let summary = SalvageSummary(
                try RetainedStore.salvage(options, masterKey: key, nowSeconds: StoreArguments.nowSeconds)
            )
            try CrashNote.clear(at: options.location)
            logger.warning("the store \(options.location.directory) was damaged and has been salvaged: \(summary.line)")
            for place in summary.damage { logger.warning("damaged: \(place.text)") }
            return try RetainedStore.open(options, masterKey: key)
        } catch {
            throw CommandFailure(error, key: source)
        }
    }

    /// A store under a key that nobody knows and that ends with the process.
    private func openTemporary() throws(CommandFailure) -> Opened {
        var template = Array("\(Environment.value("TMPDIR") ?? "/tmp")/latch-XXXXXX".utf8CString)
        guard let path = template.withUnsafeMutableBufferPointer({ mkdtemp($0.baseAddress!) }) else {
            throw CommandFailure(
                .inputOutput,
                "cannot create a temporary directory: \(String(cString: strerror(errno)))"
            )
        }
        let directory = String(cString: path)
        let key: MasterKey
        do throws(MasterKeyError) {
            key = try MasterKey.random()
        } catch {
            throw CommandFailure(.key, "no key could be drawn: \(error)")
        }
        do throws(StoreError) {
            // Nobody can open it again, so nothing is gained by syncing it.
            var options = StoreOptions(location: StoreLocation(directory: directory + "/store"), sync: .none)
            options.limits.sweepIntervalMilliseconds = settings.sweepIntervalMilliseconds
            return Opened(store: try RetainedStore.create(options, masterKey: key), temporaryDirectory: directory)
        } catch {
            Directory.remove(directory)
            throw CommandFailure(error, key: nil)
        }
    }

    /// What the replaced deployments leave in `persistence_location` is never silently ignored.
    private func refuseOlderStore(beside directory: String) throws(CommandFailure) {
        guard settings.configurationFile != nil else { return }
        let location = Directory.parent(of: directory)
        for name in ["mosquitto.db", "gocryptfs.conf"] where Directory.exists("\(location)/\(name)") {
            let command = ImportSuggestion.command(
                source: name == "mosquitto.db" ? "\(location)/\(name)" : location,
                store: directory,
                key: source,
                keyring: keyring
            )
            throw CommandFailure(
                .configuration,
                """
                \(location)/\(name) holds retained messages and there is no store yet: bring them in with
                  \(command)
                or move the file away to begin with an empty store
                """
            )
        }
    }

    private func warnAboutKeyFile(_ source: MasterKeySource, _ logger: Logger) {
        guard case .file(let path) = source else { return }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return }
        logger.warning("the master key \(path) can be read by others: chmod 600 \(path)")
    }

    private func report(_ store: RetainedStore, isNew: Bool, _ source: MasterKeySource, _ logger: Logger) {
        let location = store.options.location
        audit?.write(AuditEvent(store: location.directory, openedWith: source, isNew: isNew))
        if isNew {
            logger.notice(
                "created the store \(location.directory), key from \(source.name), keyring \(location.keyringPath)"
            )
            logger.notice("losing the master key or the keyring loses the data: back both up, apart from the store")
        } else {
            let report = store.openReport
            let torn = report.tornBytes == 0 ? "" : ", dropped \(report.tornBytes) bytes that were never acknowledged"
            if let backup = report.restoredBackup {
                logger.warning(
                    """
                    \(location.directory) was a backup that nobody had opened yet: it begins a history of its own at LSN \
                    \(backup.lastLSN); what was published after the backup was made (\(backup.timeSeconds) s since 1970) \
                    is not in it
                    """
                )
            }
            let lagSeconds = store.statistics.expiry.clockLagSeconds
            if lagSeconds > 0 {
                logger.warning(
                    "the clock is \(lagSeconds) s behind what the store has seen: messages expire by the store's time; set the clock"
                )
            }
            logger.notice(
                "opened the store \(location.directory), key from \(source.name): replayed \(report.replayedCount) records\(torn)"
            )
        }
        guard settings.configurationFile == nil, let listener = settings.listeners.first else { return }
        if case .tcp(host: _, port: let port) = listener.endpoint {
            logger.notice(
                "try: mosquitto_pub -p \(port) -t home/door -m open -r; mosquitto_sub -p \(port) -t 'home/#' -C 1"
            )
        }
    }
}
