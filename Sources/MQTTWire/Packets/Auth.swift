/// AUTH: one step of an extended authentication, 5.0 only (3.15 AUTH – Authentication exchange).
public struct Auth: Sendable, Hashable {
    /// `success` (server), `continueAuthentication`, or `reAuthenticate` (client).
    public var reasonCode: ReasonCode

    /// 3.15.2.2.2; nil only in a successful AUTH without any contents.
    public var authenticationMethod: UTF8String?

    /// 3.15.2.2.3.
    public var authenticationData: [UInt8]?

    /// 3.15.2.2.4.
    public var reasonString: UTF8String?

    /// 3.15.2.2.5.
    public var userProperties: [UserProperty]

    public init(
        reasonCode: ReasonCode,
        authenticationMethod: UTF8String?,
        authenticationData: [UInt8]? = nil,
        reasonString: UTF8String? = nil,
        userProperties: [UserProperty] = []
    ) {
        self.reasonCode = reasonCode
        self.authenticationMethod = authenticationMethod
        self.authenticationData = authenticationData
        self.reasonString = reasonString
        self.userProperties = userProperties
    }
}
