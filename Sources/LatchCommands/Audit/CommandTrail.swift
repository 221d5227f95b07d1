import Broker
import Logging

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

    /// A master key has opened a store, or made one.
    func keyUsed(_ source: MasterKeySource, store: String, isNew: Bool = false) {
        log?.write(AuditEvent(store: store, openedWith: source, isNew: isNew).with("command", command))
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
}
