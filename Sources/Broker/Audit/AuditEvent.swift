/// One security event: who was let in, who was not, what was denied, what was changed.
///
/// It holds no password, token, key, payload or topic. What a client says of itself (its identifier, its user name) is as the client wrote it:
/// whoever writes an event down makes control characters harmless.
public struct AuditEvent: Sendable, Equatable {
    /// What happened.
    public enum Name: String, Sendable, CaseIterable {
        /// The broker began to listen, or stopped.
        case start
        case stop
        /// A connection was turned away before its CONNECT.
        case connectionRefused = "connection_refused"
        /// A TLS handshake failed: no certificate, a wrong one, or no TLS at all.
        case handshakeFailed = "handshake_failed"
        case login
        case loginRefused = "login_refused"
        /// A client that had been let in has gone, or was ended.
        case logout
        /// An address is turned away for a while.
        case ban
        /// Filters of a SUBSCRIBE were refused.
        case subscribeDenied = "subscribe_denied"
        /// Publications were refused by the access rules.
        case publishDenied = "publish_denied"
        /// Passwords, access rules and certificates were read again, or could not be.
        case reload
        case reloadFailed = "reload_failed"
        /// A master key opened a store.
        case keyUsed = "key_used"
        /// A master key was none of the store's.
        case keyRefused = "key_refused"
        /// A command over the admin socket, or its failure.
        case command
        case commandFailed = "command_failed"
        /// The admin socket turned somebody away.
        case commandRefused = "command_refused"
    }

    /// What is told about an event.
    public enum Value: Sendable, Equatable {
        case text(String)
        case number(Int)
    }

    /// One of an event's fields.
    public struct Field: Sendable, Equatable {
        public let name: String
        public let value: Value
    }

    public let name: Name
    /// In the order in which they are written.
    public private(set) var fields: [Field] = []

    public init(_ name: Name) {
        self.name = name
    }

    /// The event with one more field; without a value as it is.
    public func with(_ name: String, _ value: String?) -> AuditEvent {
        with(name, value.map { .text($0) })
    }

    /// The event with one more field; without a value as it is.
    public func with(_ name: String, _ value: Int?) -> AuditEvent {
        with(name, value.map { .number($0) })
    }

    private func with(_ name: String, _ value: Value?) -> AuditEvent {
        guard let value else { return self }
        var event = self
        event.fields.append(Field(name: name, value: value))
        return event
    }
}
