import Authentication
import Mosquitto
import Synchronization

/// What tokens of all listeners are checked with: the files, and the issuers' keys.
final class TokenFiles: Sendable {
    /// The keys of an issuer, which it publishes at a URL.
    struct RemoteKeys: Sendable {
        let settings: TokenSettings.Signed
        let url: String
        let verifier: any TokenVerifier
    }

    private let support: (any WebTokenSupport)?
    private let remote = Mutex<[RemoteKeys]>([])

    /// - Parameter support: what knows about JWT.
    init(_ support: (any WebTokenSupport)?) {
        self.support = support
    }

    /// The keys that must be looked at from time to time.
    var remoteKeys: [RemoteKeys] { remote.withLock { $0 } }

    /// Reads what settings name; issuers are not asked for anything yet.
    func policy(_ settings: TokenSettings?) throws(MosquittoFileError) -> TokenPolicy? {
        guard let settings else { return nil }
        var policy = TokenPolicy()
        policy.headers = settings.headers
        policy.cookie = settings.cookie
        if let file = settings.tokenFile {
            let tokens = try TokenFile.read(path: file.path) { name, text -> (TokenIdentity, APITokenDigest)? in
                guard let identity = TokenIdentity(userName: name), let digest = APITokenDigest(parsing: text) else {
                    return nil
                }
                return (identity, digest)
            }
            policy.plain = APITokenTable(tokens.tokens.map { (user: $0.0, digest: $0.1) })
        }
        if let signed = settings.signed { policy.signed = try verifier(signed) }
        return policy
    }

    private func verifier(_ settings: TokenSettings.Signed) throws(MosquittoFileError) -> any TokenVerifier {
        guard let support else {
            throw Self.error(settings, "this program was linked without the module that reads JWT", "run latch")
        }
        let rules = WebTokenRules(
            issuer: settings.issuer,
            audiences: settings.audiences,
            userNameClaims: settings.userNameClaims,
            leewaySeconds: Int64(settings.leewaySeconds)
        )
        let keySet = try Self.keySet(settings.keySet)
        do throws(WebTokenError) {
            switch settings.keySet {
            case .file: return try support.verifier(rules, keySet: keySet)
            case .url(let url): return try remoteVerifier(settings, rules, url.text, support)
            }
        } catch {
            throw Self.error(settings, error)
        }
    }

    /// The content of a file of keys.
    private static func keySet(_ keySet: TokenSettings.KeySet) throws(MosquittoFileError) -> [UInt8] {
        guard case .file(let file) = keySet else { return [] }
        do throws(CommandFailure) {
            return try FileContents.prefix(TokenLimits.keySetBytesMax + 1, of: file.path)
        } catch {
            throw MosquittoFileError(
                .unreadable,
                at: file.location,
                "token_jwks_file \(file.path) cannot be read",
                remedy: "check the path and its permissions"
            )
        }
    }

    /// The verifier of before, with its keys, where the settings are the same.
    private func remoteVerifier(
        _ settings: TokenSettings.Signed,
        _ rules: WebTokenRules,
        _ url: String,
        _ support: any WebTokenSupport
    ) throws(WebTokenError) -> any TokenVerifier {
        if let known = remoteKeys.first(where: { $0.settings == settings }) { return known.verifier }
        let source = KeySetSource(
            url: url,
            authorityFile: settings.authorityFile?.path,
            refreshSeconds: Int64(settings.refreshSeconds)
        )
        let verifier = try support.verifier(rules, keySetAt: source)
        remote.withLock { $0.append(RemoteKeys(settings: settings, url: url, verifier: verifier)) }
        return verifier
    }

    private static func error(_ settings: TokenSettings.Signed, _ error: WebTokenError) -> MosquittoFileError {
        switch error {
        case .notAKeySet:
            Self.error(
                settings,
                "token_jwks_file is no JWK Set",
                "save what the issuer publishes, a JSON object with keys, to the file"
            )
        case .noUsableKey:
            Self.error(
                settings,
                "token_jwks_file holds no key that can be used",
                "it must hold one for RS256 (2048 to 8192 bits), ES256 or EdDSA that is for signatures"
            )
        case .url:
            Self.error(
                settings,
                "token_jwks_url is no URL of https, and none of http on this machine",
                "write https://HOST/PATH: whoever could change the keys on the way could log in as anybody"
            )
        case .authorityFile:
            Self.error(
                settings,
                "token_jwks_cafile cannot be read, or holds no PEM certificate",
                "correct the file or the line"
            )
        }
    }

    private static func error(
        _ settings: TokenSettings.Signed,
        _ problem: String,
        _ remedy: String
    ) -> MosquittoFileError {
        let location =
            switch settings.keySet {
            case .file(let file): file.location
            case .url(let url): url.location
            }
        return MosquittoFileError(.malformed, at: location, problem, remedy: remedy)
    }
}
