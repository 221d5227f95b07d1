/// Whom a load takes for its broker over TLS.
enum ServerTrust: Hashable, Sendable {
    /// Whoever has a certificate for the URL's host from an authority of this machine.
    case system
    /// Whoever has one from an authority in this file.
    case authorities(path: String)
    /// Anybody.
    case anybody
}
