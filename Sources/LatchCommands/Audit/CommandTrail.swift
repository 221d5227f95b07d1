import Broker
import Logging
import RetainedStore

/// What the audit trail hears of a command that opens a store by itself, while no broker has it (`--audit`).
struct CommandTrail {
    private let command: String
    private let log: AuditLog?

    /// - Parameters:
    ///   - command: what it is called in the trail: a verb's name as a broker writes it (`shred`), or the words that are typed.
    ///   - options: where the trail is.
    /// - Throws: ``CommandFailure`` when the file cannot be opened, before anything is done that should be in it.
    init(_ command: String, _ options: KeyOptions) throws(CommandFailure) {
        self.command = command
        log = try options.auditLog(Logger(label: "latch") { StreamLogHandler.standardError(label: $0) })
    }

    /// Opens a store, or makes one, and says whether the master key did it or was refused.
    ///
    /// - Parameter source: where the key came from; `nil`: there was none.
    func opening<Result>(
        _ store: String,
        with source: MasterKeySource?,
        isNew: Bool = false,
        _ body: () throws(StoreError) -> Result
    ) throws(CommandFailure) -> Result {
        try watching(store, with: source, isNew: isNew) { () throws(CommandFailure) in
            try CommandFailure.ofStore(key: source, body)
        }
    }

    /// The same for what does more than that.
    func watching<Result>(
        _ store: String,
        with source: MasterKeySource?,
        isNew: Bool = false,
        _ body: () throws(CommandFailure) -> Result
    ) throws(CommandFailure) -> Result {
        func write(_ event: (MasterKeySource) -> AuditEvent) {
            if let source { log?.write(event(source).with("command", command)) }
        }
        do throws(CommandFailure) {
            let result = try body()
            write { AuditEvent(store: store, openedWith: $0, isNew: isNew) }
            return result
        } catch {
            if error.status == .key { write { AuditEvent(store: store, refused: $0) } }
            throw error
        }
    }

    /// The command has done what it is for, or has failed.
    func ended(detail: String? = nil, isFailure: Bool) {
        log?.write(
            AuditEvent(isFailure ? .commandFailed : .command).with("verb", command).with("detail", detail)
        )
    }
}

extension KeyOptions {
    /// The trail that the command line asks for; `nil` for none.
    func auditLog(_ logger: Logger) throws(CommandFailure) -> AuditLog? {
        guard let audit else { return nil }
        return try AuditLog(.file(path: audit), format: AuditFormat(auditFormat), logger: logger)
    }
}

extension AuditEvent {
    /// A master key was used.
    init(store: String, openedWith source: MasterKeySource, isNew: Bool) {
        self = AuditEvent(.keyUsed).with("store", store).with("key", source.name)
            .with("action", isNew ? "create" : "open")
    }

    /// A master key did not open a store.
    init(store: String, refused source: MasterKeySource) {
        self = AuditEvent(.keyRefused).with("store", store).with("key", source.name)
    }
}
