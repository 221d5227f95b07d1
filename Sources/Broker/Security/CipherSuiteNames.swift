import NIOSSL

/// The names that OpenSSL has for the suites of TLS 1.2, as `ciphers` lists them.
///
/// Names only: the library ends the process over an expression (`HIGH:!aNULL`) that leaves no suite, so none reaches it.
enum CipherSuiteNames {
    static let known: [String: NIOTLSCipher] = [
        "ECDHE-ECDSA-AES128-GCM-SHA256": .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        "ECDHE-ECDSA-AES256-GCM-SHA384": .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        "ECDHE-ECDSA-CHACHA20-POLY1305": .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        "ECDHE-RSA-AES128-GCM-SHA256": .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        "ECDHE-RSA-AES256-GCM-SHA384": .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        "ECDHE-RSA-CHACHA20-POLY1305": .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        "ECDHE-ECDSA-AES128-SHA": .TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
        "ECDHE-ECDSA-AES256-SHA": .TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
        "ECDHE-RSA-AES128-SHA": .TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
        "ECDHE-RSA-AES256-SHA": .TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
        "AES128-GCM-SHA256": .TLS_RSA_WITH_AES_128_GCM_SHA256,
        "AES256-GCM-SHA384": .TLS_RSA_WITH_AES_256_GCM_SHA384,
        "AES128-SHA": .TLS_RSA_WITH_AES_128_CBC_SHA,
        "AES256-SHA": .TLS_RSA_WITH_AES_256_CBC_SHA,
    ]

    /// The suites of a list, in its order.
    ///
    /// - Throws: ``TransportSecurityError/ciphers`` for an expression, and for a list of which the library has nothing.
    static func suites(_ list: String) throws(TransportSecurityError) -> [NIOTLSCipher] {
        let names = list.split { ":, ".contains($0) }.map(String.init)
        let isExpression = names.contains { name in
            "!-+@".contains(name.first ?? " ") || !name.contains("-") || name.contains("+")
        }
        let suites = names.compactMap { known[$0] }
        guard !isExpression, !suites.isEmpty else { throw .ciphers }
        return suites
    }
}
