import ArgumentParser
import Broker
import Dispatch
import Glibc
import Logging
import MQTTProtocol
import Mosquitto
import RetainedStore
import ServiceLifecycle
import Synchronization

/// `latch serve`: the broker.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the broker.",
        discussion: """
            Without arguments: an encrypted store and a key of its own in your home, and listeners for this machine only, at 1883 (MQTT) and 9001 \
            (WebSocket). With -c: as the mosquitto.conf says.

            Exit codes: 0 stopped as told, 1 command line, 2 configuration, 3 key missing or wrong, 4 store damaged, 5 store in use, 6 address in use, \
            7 input or output failed.
            """
    )

    @Option(name: [.customShort("c"), .customLong("config-file")], help: "A mosquitto.conf.")
    var configurationFile: String?

    @Option(
        name: .shortAndLong,
        help: "Listen on this port; may be repeated. Without -c: on this machine only, and no WebSocket."
    )
    var port: [UInt16] = []

    @Flag(name: .shortAndLong, help: "Log everything, whatever log_type says.")
    var verbose = false

    @Flag(name: .shortAndLong, help: "Log nothing.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Run in the background.")
    var daemon = false

    @Flag(name: .customLong("test-config"), help: "Check the configuration and the files that it names, and end.")
    var isTest = false

    @Option(help: "The store's directory; without -c only.")
    var store: String?

    @Flag(
        help:
            "If the store is damaged: save what opens, put the rest into quarantine, and start; as recover_on_start salvage."
    )
    var salvage = false

    /// Set by `latch bench intervals`, which measures what a power cut loses.
    @Flag(
        name: .customLong("lose-unsynced-writes"),
        help: ArgumentHelp(
            "For 'latch bench intervals' only: hold what is not synced in memory, so that a kill loses what a power cut would.",
            visibility: .hidden
        )
    )
    var losesUnsyncedWrites = false

    @OptionGroup var keys: KeyOptions

    func validate() throws {
        if configurationFile != nil, store != nil {
            throw ValidationError("--store goes without -c only: there persistence_location says where the store is")
        }
    }

    func run() async throws {
        var settings = try settings()
        settings.losesUnsyncedWrites = losesUnsyncedWrites
        if salvage { settings.recoverOnStart = .salvage }
        let security = SecurityFiles(
            subscribePolicy: settings.subscribePolicy,
            isRetainSourceChecked: settings.isRetainSourceChecked,
            clientIDPrefix: settings.clientIDPrefix,
            webTokens: LatchCommand.webTokens
        )
        var configuration = try BrokerConfiguration(settings, security)
        if isTest {
            StandardError.writeLine("latch: the configuration is in order")
            return
        }
        if daemon, !Daemon.isInBackground { try Daemon.detach() }
        try ProcessProtection.beforeKeys()
        let signals = SignalRequests()
        let output = try LogOutput(settings: settings.log, isQuiet: quiet)
        let logger = Logger(label: "latch") { _ in
            MosquittoLogHandler(output: output, types: verbose ? .all : .init(settings.log.types))
        }
        // As mosquitto: the folder of the process id is often root's.
        let processIDFile = try settings.processIDFile.map { path throws(CommandFailure) in
            try ProcessIDFile(path: path)
        }
        defer { processIDFile?.remove() }
        try ProcessIdentity.changeUser(to: settings.user, logger: logger)
        // As the user that the broker runs as, who must be able to begin the file anew.
        let audit = try keys.auditLog(logger) ?? AuditLog(settings.audit, logger: logger)
        if let audit { configuration.audit = { audit.write($0) } }
        logger.info("latch version \(LatchCommand.version) starting")
        if let file = settings.configurationFile { logger.info("Config loaded from \(file).") }
        for warning in settings.warnings { logger.warning("\(warning)") }
        let opened = try StoreOpening(settings, keys, audit: audit).open(logger)
        defer { opened.removeIfTemporary() }
        do throws(StoreError) {
            try CrashHandler.install(for: opened.store.options.location)
        } catch {
            logger.warning("a crash that the index causes would not be noted: \(error)")
        }
        let administration = administration(opened.store, audit, logger)
        defer { administration?.stop() }
        do {
            try await run(configuration, opened.store, security, administration, signals, output, audit, logger)
        } catch let error as BrokerError {
            try? opened.store.close()
            throw CommandFailure(error)
        } catch {
            try? opened.store.close()
            throw CommandFailure(.inputOutput, "the broker ended: \(error)")
        }
        administration?.stop()
        do throws(StoreError) {
            try opened.store.close()
        } catch {
            throw CommandFailure(error, key: nil)
        }
    }

    /// The socket for commands; a broker whose directory lets it have none serves its clients all the same.
    private func administration(_ store: RetainedStore, _ audit: AuditLog?, _ logger: Logger) -> AdminServer? {
        do throws(CommandFailure) {
            return try AdminServer(store, audit: audit, logger: logger)
        } catch {
            logger.warning("commands cannot reach this broker: \(error)")
            return nil
        }
    }

    private func run(
        _ configuration: BrokerConfiguration,
        _ store: RetainedStore,
        _ security: SecurityFiles,
        _ administration: AdminServer?,
        _ signals: SignalRequests,
        _ output: LogOutput,
        _ audit: AuditLog?,
        _ logger: Logger
    ) async throws {
        let manager = ServiceManager(environment: Environment.value)
        let broker = Broker(configuration: configuration, store: store, logger: logger) { _ in
            logger.info("latch version \(LatchCommand.version) running")
            Daemon.announceRunning()
            manager?.tell(.ready)
        }
        administration?.clears(by: Self.clearing(by: broker))
        let watchdog = Task { await manager?.watch(broker, store) }
        defer { watchdog.cancel() }
        let group = ServiceGroup(
            configuration: .init(
                services: security.tokenKeys.map { .init(service: TokenKeyService(keys: $0, logger: logger)) }
                    + [.init(service: broker, successTerminationBehavior: .gracefullyShutdownGroup)],
                logger: .silent
            )
        )
        signals.answer { request in
            switch request {
            case .terminate:
                logger.info("latch version \(LatchCommand.version) terminating")
                manager?.tell(.stopping)
                Task { await group.triggerGracefulShutdown() }
            case .reload:
                // As mosquitto does: Debian's logrotate sends this signal after it has moved the log away.
                output.reopen()
                audit?.reopen()
                logger.info("Reloading config.")
                manager?.tellReloading()
                defer { manager?.tell(.ready) }
                do throws(CommandFailure) {
                    try security.reload()
                    broker.securityChanged()
                    audit?.write(AuditEvent(.reload))
                } catch {
                    logger.error("nothing was reloaded: \(error)")
                    audit?.write(AuditEvent(.reloadFailed))
                }
            case .checkpoint:
                do throws(StoreError) {
                    try store.checkpoint()
                    logger.info("checkpoint done")
                } catch {
                    logger.error("checkpoint failed: \(error)")
                }
            case .reopenLog:
                output.reopen()
                audit?.reopen()
            }
        }
        try await group.run()
        withExtendedLifetime(signals) {}
    }

    /// How commands clear messages while the broker runs; called by a thread that may wait.
    private static func clearing(by broker: Broker) -> AdminServer.Clearing {
        { (topics) throws(CommandFailure) in
            let ended = DispatchSemaphore(value: 0)
            let result = Mutex<Result<Bool, StoreError>>(.success(false))
            Task.detached {
                do throws(StoreError) {
                    let isDone = try await broker.clearRetained(topics)
                    result.withLock { $0 = .success(isDone) }
                } catch {
                    result.withLock { $0 = .failure(error) }
                }
                ended.signal()
            }
            ended.wait()
            let isDone = try CommandFailure.ofStore { () throws(StoreError) in try result.withLock({ $0 }).get() }
            guard isDone else {
                throw CommandFailure(.inputOutput, "the broker is starting or ending: ask again when it runs")
            }
        }
    }

    private func settings() throws(CommandFailure) -> ServeSettings {
        if let configurationFile {
            let file: MosquittoConfiguration
            do throws(MosquittoFileError) {
                file = try .read(path: configurationFile)
            } catch {
                throw CommandFailure(.configuration, "\(error)")
            }
            return try ServeSettings(file, path: configurationFile, ports: port)
        }
        var settings = ServeSettings.local(
            places: try DefaultPlaces(store: store, key: keys.keyFile, environment: Environment.value),
            ports: port
        )
        // A key that was named is expected to exist.
        settings.mayGenerateKey = keys.keyFile == nil && keys.keyCommand == nil
        return settings
    }
}

extension Logger {
    /// The service group's own lines say nothing to who runs a broker.
    fileprivate static var silent: Logger { Logger(label: "latch.lifecycle") { _ in SwiftLogNoOpLogHandler() } }
}
