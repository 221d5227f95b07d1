/// Checks tokens that an issuer has signed (JWT, RFC 7519).
public protocol TokenVerifier: Sendable {
    /// Whom a token proves.
    ///
    /// It takes some hundred microseconds: call it where waiting is allowed.
    ///
    /// - Parameters:
    ///   - token: as it was presented.
    ///   - nowSeconds: seconds since 1970.
    func verify(_ token: [UInt8], nowSeconds: Int64) -> TokenVerdict

    /// Asks the issuer for its keys again, because a token was refused as ``TokenRefusal/unknownKey`` or ``TokenRefusal/noKeys``.
    ///
    /// - Returns: whether there are newer keys, so that it is worth verifying again; `false` at once where nobody is to be asked, or was
    ///   asked a moment ago.
    func refreshKeys() async -> Bool

    /// Keeps the keys fresh until the task is cancelled; returns at once where they do not change.
    ///
    /// - Parameter report: gets what is worth a line in the log.
    func keepKeysFresh(_ report: @escaping @Sendable (TokenKeyReport) -> Void) async
}
