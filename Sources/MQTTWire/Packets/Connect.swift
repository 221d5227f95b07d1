/// CONNECT: the first packet of a client (3.1 CONNECT – Connection Request).
///
/// Values that 5.0 gives as properties have the meaning of their absence below 5.0, so that a reader need not ask
/// for the version.
public struct Connect: Sendable {
    public var version: ProtocolVersion

    /// 3.1.3.1 Client Identifier; may be empty.
    public var clientIdentifier: UTF8String

    /// Whether an existing session is discarded (3.1.2.4 Clean Start; Clean Session below 5.0).
    public var isCleanStart: Bool

    /// 3.1.2.10 Keep Alive; 0: none.
    public var keepAliveSeconds: UInt16

    public var will: Will?

    /// 3.1.3.5 User Name.
    public var userName: UTF8String?

    /// 3.1.3.6 Password.
    public var password: Password?

    /// How long the session outlives the connection (3.1.2.11.2); `UInt32.max`: for ever. Below 5.0 this is 0 with
    /// Clean Session and `UInt32.max` without.
    public var sessionExpirySeconds: UInt32

    /// How many unacknowledged publications of QoS 1 and 2 the client takes (3.1.2.11.3).
    public var receiveMaximum: UInt16 = 65_535

    /// The largest packet the client takes, in bytes (3.1.2.11.4); nil: no limit of its own.
    public var maximumPacketBytes: UInt32?

    /// The highest topic alias the client takes (3.1.2.11.5).
    public var topicAliasMaximum: UInt16 = 0

    /// 3.1.2.11.6 Request Response Information.
    public var requestsResponseInformation = false

    /// Whether reason strings and user properties may be sent with failures (3.1.2.11.7).
    public var requestsProblemInformation = true

    public var userProperties: [UserProperty] = []

    /// 3.1.2.11.9 Authentication Method.
    public var authenticationMethod: UTF8String?

    /// 3.1.2.11.10 Authentication Data.
    public var authenticationData: [UInt8]?

    /// A CONNECT with the values of the specification where none are given.
    ///
    /// - Parameters:
    ///   - version: what is spoken.
    ///   - clientIdentifier: may be empty.
    ///   - isCleanStart: Clean Session below 5.0.
    ///   - keepAliveSeconds: 0: none.
    ///   - will: the will.
    ///   - userName: the user name.
    ///   - password: only with a user name below 5.0.
    ///   - sessionExpirySeconds: nil: 0, except below 5.0 without Clean Session, where it is `UInt32.max`.
    public init(
        version: ProtocolVersion,
        clientIdentifier: UTF8String,
        isCleanStart: Bool = true,
        keepAliveSeconds: UInt16 = 60,
        will: Will? = nil,
        userName: UTF8String? = nil,
        password: Password? = nil,
        sessionExpirySeconds: UInt32? = nil
    ) {
        self.version = version
        self.clientIdentifier = clientIdentifier
        self.isCleanStart = isCleanStart
        self.keepAliveSeconds = keepAliveSeconds
        self.will = will
        self.userName = userName
        self.password = password
        self.sessionExpirySeconds =
            sessionExpirySeconds ?? (version.hasProperties || isCleanStart ? 0 : UInt32.max)
    }
}
