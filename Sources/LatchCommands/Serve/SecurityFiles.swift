import Authentication
import Broker
import MQTTProtocol
import Mosquitto
import Synchronization

/// The security domains and certificates of all listeners, and the files that they come from: read at the start and again on SIGHUP.
final class SecurityFiles: Sendable {
    private struct Entry {
        let settings: SecuritySettings
        let domain: SecurityDomain
    }

    private struct TLSEntry {
        let settings: TLSSettings
        let security: TransportSecurity
    }

    private let entries: Mutex<[Entry]>
    private let tlsEntries = Mutex<[TLSEntry]>([])
    private let subscribePolicy: SubscribePolicy
    private let isRetainSourceChecked: Bool
    private let clientIDPrefix: [UInt8]
    private let tokens: TokenFiles

    /// - Parameter webTokens: what knows about JWT.
    init(
        subscribePolicy: SubscribePolicy,
        isRetainSourceChecked: Bool,
        clientIDPrefix: String? = nil,
        webTokens: (any WebTokenSupport)? = nil
    ) {
        tokens = TokenFiles(webTokens)
        self.clientIDPrefix = Array((clientIDPrefix ?? "").utf8)
        self.subscribePolicy = subscribePolicy
        self.isRetainSourceChecked = isRetainSourceChecked
        entries = Mutex([])
    }

    /// The domain of a listener; listeners with the same settings share one.
    ///
    /// - Throws: ``CommandFailure`` with ``ExitStatus/configuration`` and the file's place.
    func domain(for settings: SecuritySettings) throws(CommandFailure) -> SecurityDomain {
        if let known = entries.withLock({ $0.first { $0.settings == settings }?.domain }) { return known }
        let domain = SecurityDomain(try read(settings))
        entries.withLock { $0.append(Entry(settings: settings, domain: domain)) }
        return domain
    }

    /// TLS of a listener; listeners with the same settings share it.
    ///
    /// - Throws: ``CommandFailure`` with ``ExitStatus/configuration`` and the place of the line that names what cannot be used.
    func transportSecurity(for settings: TLSSettings) throws(CommandFailure) -> TransportSecurity {
        if let known = tlsEntries.withLock({ $0.first { $0.settings == settings }?.security }) { return known }
        let security = TransportSecurity(.init(settings), try materials(settings))
        tlsEntries.withLock { $0.append(TLSEntry(settings: settings, security: security)) }
        return security
    }

    /// The keys of issuers that have to be looked at while the broker runs.
    var tokenKeys: [TokenFiles.RemoteKeys] { tokens.remoteKeys }

    /// Reads all files again; if one of them is wrong everything stays as it was.
    func reload() throws(CommandFailure) {
        let current = entries.withLock { $0 }
        var next: [(SecurityDomain, SecurityDomain.Policy)] = []
        for entry in current { next.append((entry.domain, try read(entry.settings))) }
        var nextMaterials: [(TransportSecurity, TransportSecurity.Materials)] = []
        for entry in tlsEntries.withLock({ $0 }) {
            nextMaterials.append((entry.security, try materials(entry.settings)))
        }
        for (domain, policy) in next { domain.replace(policy) }
        for (security, materials) in nextMaterials { security.replace(materials) }
    }

    private func materials(_ settings: TLSSettings) throws(CommandFailure) -> TransportSecurity.Materials {
        do throws(TransportSecurityError) {
            return try TransportSecurity.Materials(.init(settings))
        } catch {
            throw CommandFailure(error, settings)
        }
    }

    private func read(_ settings: SecuritySettings) throws(CommandFailure) -> SecurityDomain.Policy {
        do throws(MosquittoFileError) {
            var passwords: PasswordTable?
            if let file = settings.passwordFile {
                let users = try PasswordFile.read(path: file.path) { try PasswordHash(parsing: $0) }
                passwords = PasswordTable(users.entries.map { ($0.userName, $0.hash) })
            }
            var rules = AccessRules.unrestricted
            if let file = settings.accessControlFile {
                rules = try AccessControlFile.read(path: file.path).rules
            }
            var policy = SecurityDomain.Policy(
                isAnonymousAllowed: settings.allowsAnonymous,
                passwords: passwords,
                rules: rules,
                subscribePolicy: subscribePolicy,
                isRetainSourceChecked: isRetainSourceChecked
            )
            policy.clientIDPrefix = clientIDPrefix
            policy.tokens = try tokens.policy(settings.tokens)
            return policy
        } catch {
            throw CommandFailure(.configuration, "\(error)")
        }
    }
}
