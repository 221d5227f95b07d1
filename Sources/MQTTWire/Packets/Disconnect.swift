/// DISCONNECT (3.14 DISCONNECT – Disconnect notification); below 5.0 a client's packet without contents.
public struct Disconnect: Sendable, Hashable {
    /// `normalDisconnection` below 5.0.
    public var reasonCode: ReasonCode

    /// A client's new wish (3.14.2.2.2); nil: what CONNECT said. Whether it may be raised is the session's business.
    public var sessionExpirySeconds: UInt32?

    /// 3.14.2.2.3.
    public var reasonString: UTF8String?

    /// 3.14.2.2.4.
    public var userProperties: [UserProperty]

    /// 3.14.2.2.5, of a server.
    public var serverReference: UTF8String?

    public init(
        reasonCode: ReasonCode = .normalDisconnection,
        sessionExpirySeconds: UInt32? = nil,
        reasonString: UTF8String? = nil,
        userProperties: [UserProperty] = [],
        serverReference: UTF8String? = nil
    ) {
        self.reasonCode = reasonCode
        self.sessionExpirySeconds = sessionExpirySeconds
        self.reasonString = reasonString
        self.userProperties = userProperties
        self.serverReference = serverReference
    }
}
