import CLibssl
import Glibc
import Synchronization

/// What the TLS connections of a process have in common: whom they trust, read once.
final class TLSContext: @unchecked Sendable {
    // OpenSSL counts references to a context and locks it itself; nothing here changes it after `init`.

    private static let contexts = Mutex<[ServerTrust: TLSContext]>([:])

    let context: OpaquePointer
    let trust: ServerTrust

    /// The context for a trust.
    static func shared(_ trust: ServerTrust) throws(LoadFailure) -> TLSContext {
        try contexts.withLock { contexts throws(LoadFailure) in
            if let context = contexts[trust] { return context }
            let context = try TLSContext(trust)
            contexts[trust] = context
            return context
        }
    }

    private init(_ trust: ServerTrust) throws(LoadFailure) {
        // OpenSSL writes to the socket without MSG_NOSIGNAL.
        signal(SIGPIPE, SIG_IGN)
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw .tls(Self.reason()) }
        self.context = context
        self.trust = trust
        _ = latch_tls_require_version_1_2(context)
        switch trust {
        case .anybody: SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)
        case .system:
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
            SSL_CTX_set_default_verify_paths(context)
        case .authorities(let path):
            guard access(path, R_OK) == 0 else { throw .file(path: path, errno: errno) }
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
            guard SSL_CTX_load_verify_file(context, path) == 1 else {
                throw .plan("\(path) has no certificates of authorities: \(Self.reason())")
            }
        }
    }

    deinit {
        SSL_CTX_free(context)
    }

    /// What OpenSSL last complained of in this thread.
    static func reason() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0, let text = ERR_reason_error_string(code) else { return "the connection was closed" }
        return String(cString: text)
    }
}
