/// A record of a session as views of memory that somebody else owns: what is stored, and what is handed out.
///
/// The store knows which record it is and what it belongs to; what `state` says is for whoever keeps the session. The
/// pointers are valid as long as their memory is: for a record to be stored, until the batch has been committed; for one
/// that was read, within the call that hands it out.
public struct SessionRecord {
    /// Which session; random, drawn when it begins.
    public var session: UInt128
    public var kind: SessionRecordKind
    /// Which record of its kind; for a subscription 0, as its name tells.
    public var number: UInt64
    /// The client identifier, topic filter or topic, by kind, 1…65,535 bytes; else empty.
    ///
    /// To take a message or a will away, its topic's first level is enough.
    public var name: UnsafeRawBufferPointer
    /// At most 65,535 bytes.
    public var state: UnsafeRawBufferPointer
    /// A message's or a will's forwarded properties, as ``MessageParts/properties``.
    public var properties = UnsafeRawBufferPointer(start: nil, count: 0)
    /// A message's or a will's payload; for a session the user name.
    public var payload = UnsafeRawBufferPointer(start: nil, count: 0)
    /// A message's QoS as it was published, a will's as it is to be.
    public var qos: UInt8 = 0
    /// When a message expires, in seconds since 1970; 0: never.
    public var expiryTimeSeconds: UInt64 = 0
    /// Of two records under one key the one with the higher version counts; of two sessions of one client the later one.
    /// Not looked at when it is stored.
    public internal(set) var version: UInt64 = 0

    public init(
        session: UInt128,
        kind: SessionRecordKind,
        number: UInt64 = 0,
        name: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        state: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
    ) {
        self.session = session
        self.kind = kind
        self.number = number
        self.name = name
        self.state = state
    }

    /// What is sealed: the name in the topic's place (one zero byte for none), the state in the user name's, the kind in
    /// the listener port's and the number in the publish time's.
    var parts: MessageParts {
        MessageParts(
            topic: kind.isNamed ? name : Self.noName,
            clientID: UnsafeRawBufferPointer(start: nil, count: 0),
            userName: state,
            properties: properties,
            payload: payload,
            qos: qos,
            listenerPort: UInt16(kind.rawValue),
            publishTimeMilliseconds: number,
            expiryTimeSeconds: expiryTimeSeconds
        )
    }

    /// Reads what was sealed; nil if no writer of this format can have written it.
    init?(_ parts: MessageParts, session: UInt128, version: UInt64) {
        guard let kind = SessionRecordKind(rawValue: UInt8(truncatingIfNeeded: parts.listenerPort)) else { return nil }
        self.init(
            session: session,
            kind: kind,
            number: parts.publishTimeMilliseconds,
            name: kind.isNamed ? parts.topic : UnsafeRawBufferPointer(start: nil, count: 0),
            state: parts.userName
        )
        properties = parts.properties
        payload = parts.payload
        qos = parts.qos
        expiryTimeSeconds = parts.expiryTimeSeconds
        self.version = version
    }

    /// Lives as long as the process.
    private static var noName: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: zero.utf8Start, count: 1)
    }

    private static let zero: StaticString = "\0"
}
