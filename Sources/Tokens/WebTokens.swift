public import Authentication

/// JWT by jwt-kit, with the keys of a file or of an issuer's URL.
///
/// jwt-kit and the HTTP client bring Foundation along, whose C modules claim the system's types for themselves wherever they are seen. So
/// only this module imports them, nothing of theirs is in its interface, and the program's other modules know it by ``WebTokenSupport``.
public struct WebTokens: WebTokenSupport {
    public init() {}

    public func verifier(
        _ rules: WebTokenRules,
        keySet: [UInt8]
    ) throws(WebTokenError) -> any TokenVerifier {
        WebTokenVerifier(rules: rules, keys: FixedKeys(keys: try SigningKeySet(json: keySet)))
    }

    public func verifier(
        _ rules: WebTokenRules,
        keySetAt source: KeySetSource
    ) throws(WebTokenError) -> any TokenVerifier {
        let fetch = try KeySetFetch(source)
        let keys = RemoteKeys(refreshSeconds: source.refreshSeconds) { () async throws(KeySetFetchError) in
            try await fetch.run()
        }
        return WebTokenVerifier(rules: rules, keys: keys)
    }
}
