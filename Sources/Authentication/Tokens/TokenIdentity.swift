/// Whom a token proves, and for how long.
public struct TokenIdentity: Sendable, Equatable {
    /// Well-formed UTF-8, one level of a topic.
    public let userName: [UInt8]
    /// Seconds since 1970 at which it stops to prove anything, leeway included; `nil` for a token that does not expire.
    public let expiresAtSeconds: Int64?

    /// - Returns: `nil` for a name that no token may give: an empty one, one with `/`, `+`, `#` or `$`, which would reach beyond one level
    ///   of a topic wherever a rule says `%u`, and one that is no plain UTF-8 of a length that MQTT carries.
    public init?(userName: [UInt8], expiresAtSeconds: Int64? = nil) {
        guard Self.isAcceptable(userName) else { return nil }
        self.userName = userName
        self.expiresAtSeconds = expiresAtSeconds
    }

    /// Whether a token may give this name.
    public static func isAcceptable(_ userName: [UInt8]) -> Bool {
        guard !userName.isEmpty, userName.count <= Int(UInt16.max),
            !userName.contains(where: { "/+#$".utf8.contains($0) }),
            let text = String(validating: userName, as: UTF8.self)
        else { return false }
        return !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
