import Logging
import Mosquitto

extension ServeSettings {
    /// Says loudly what an open door means: names that nobody checks decide who reads what.
    func warnAboutNames(_ logger: Logger) {
        guard configurationFile != nil else { return }
        for listener in listeners where listener.security.allowsAnonymous && listener.security.passwordFile == nil {
            guard case .tcp(let host, let port) = listener.endpoint, host != "127.0.0.1", host != "::1" else { continue }
            logger.warning(
                """
                allow_anonymous true without a password_file on port \(port): every client is taken at its word about its user name, \
                so whoever reaches the port can read and write as any user; add a password_file, or let only a trusted proxy reach it
                """
            )
        }
    }
}
