/// Where an issuer publishes its keys.
public struct KeySetSource: Sendable, Equatable {
    /// `https`, or `http` on this machine.
    public var url: String
    /// Certificates in PEM of the authorities that may vouch for the server; `nil`: the system's.
    public var authorityFile: String?
    /// How often they are looked at.
    public var refreshSeconds: Int64

    public init(url: String, authorityFile: String? = nil, refreshSeconds: Int64 = 600) {
        self.url = url
        self.authorityFile = authorityFile
        self.refreshSeconds = refreshSeconds
    }
}
