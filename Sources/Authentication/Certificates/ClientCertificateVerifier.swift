internal import CLibcrypto

/// Decides whether a client's certificate was issued by one of a listener's authorities.
///
/// This is libcrypto's own path validation (RFC 5280) with the purpose "TLS client", as mosquitto has it: the same files, the same
/// hashed directories, the same handling of revocation lists.
public final class ClientCertificateVerifier: @unchecked Sendable {
    // libcrypto locks a store's contents itself (X509_STORE_new(3)), and nothing here changes it once `init` is done.
    private let store: OpaquePointer

    /// - Parameters:
    ///   - authorityFile: PEM certificates (`cafile`).
    ///   - authorityDirectory: certificates under their subject hashes, as `openssl rehash` names them (`capath`).
    ///   - revocationListFile: PEM revocation lists (`crlfile`); with it, a certificate whose issuer has no current list is refused.
    ///   - checksDates: whether a certificate must be valid now.
    public init(
        authorityFile: String?,
        authorityDirectory: String?,
        revocationListFile: String?,
        checksDates: Bool
    ) throws(CertificateError) {
        guard let store = X509_STORE_new() else { throw .memory }
        self.store = store
        defer { ERR_clear_error() }
        if let authorityFile, X509_STORE_load_file(store, authorityFile) != 1 { throw .authorityFile }
        if let authorityDirectory, X509_STORE_load_path(store, authorityDirectory) != 1 { throw .authorityDirectory }
        if let revocationListFile {
            guard let lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file()) else { throw .memory }
            guard X509_load_crl_file(lookup, revocationListFile, X509_FILETYPE_PEM) >= 1 else { throw .revocationList }
            X509_STORE_set_flags(store, UInt(X509_V_FLAG_CRL_CHECK))
        }
        if !checksDates { X509_STORE_set_flags(store, UInt(X509_V_FLAG_NO_CHECK_TIME)) }
    }

    deinit {
        X509_STORE_free(store)
    }

    /// Whether the first certificate leads to an authority.
    ///
    /// - Parameter chain: DER, the client's own certificate first, as TLS carries them; the others only help to find the way.
    public func accepts(_ chain: [[UInt8]]) -> Bool {
        defer { ERR_clear_error() }
        guard let first = chain.first, let leaf = X509Reference(der: first) else { return false }
        guard let others = latch_certificates_new() else { return false }
        defer { latch_certificates_free(others) }
        for der in chain.dropFirst() {
            guard let certificate = X509Reference(der: der) else { return false }
            // The list frees what it holds, and so does the reference.
            X509_up_ref(certificate.pointer)
            guard latch_certificates_push(others, certificate.pointer) > 0 else {
                X509_free(certificate.pointer)
                return false
            }
        }
        guard let context = X509_STORE_CTX_new() else { return false }
        defer { X509_STORE_CTX_free(context) }
        guard X509_STORE_CTX_init(context, store, leaf.pointer, others) == 1,
            X509_STORE_CTX_set_default(context, "ssl_client") == 1
        else { return false }
        return X509_verify_cert(context) == 1
    }
}
