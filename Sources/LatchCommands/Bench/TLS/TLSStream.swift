import CLibssl
import Glibc

/// TLS on a connected socket, by the client's side; for one thread.
final class TLSStream {
    private let stream: OpaquePointer
    private let context: TLSContext

    /// Shakes hands, blocking; returns when the server is known to be the one that is trusted.
    init(_ descriptor: Int32, host: String, trust: ServerTrust) throws(LoadFailure) {
        context = try .shared(trust)
        guard let stream = SSL_new(context.context) else { throw .tls(TLSContext.reason()) }
        self.stream = stream
        _ = latch_tls_set_mode(stream, latch_tls_modes)
        SSL_set_fd(stream, descriptor)
        if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(stream), host) != 1 {
            SSL_set1_host(stream, host)
            _ = latch_tls_set_server_name(stream, host)
        }
        ERR_clear_error()
        guard SSL_connect(stream) == 1 else {
            let verdict = SSL_get_verify_result(stream)
            if verdict != X509_V_OK, trust != .anybody {
                throw .untrusted(host: host, reason: String(cString: X509_verify_cert_error_string(Int(verdict))))
            }
            throw .tls(TLSContext.reason())
        }
    }

    deinit {
        SSL_free(stream)
    }

    /// Bytes that have been decrypted and not been asked for: the socket does not tell of them.
    var hasPending: Bool { SSL_pending(stream) > 0 }

    /// As `recv(2)` reads, as many records as there are and fit: 0 at the end, -1 with `errno` otherwise.
    func receive(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
        var count = 0
        while count < bytes.count {
            ERR_clear_error()
            let part = SSL_read(stream, bytes.baseAddress! + count, Int32(clamping: bytes.count - count))
            if part > 0 {
                count += Int(part)
                // On a socket that blocks, what is here is enough.
                if !isBlocking || hasPending { continue }
                break
            }
            if count > 0 { break }
            return Self.result(SSL_get_error(stream, part))
        }
        return count
    }

    /// As `send(2)` sends: -1 with `errno` where the socket takes nothing now, or nothing any more.
    func send(_ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        ERR_clear_error()
        let sent = SSL_write(stream, bytes, Int32(clamping: count))
        if sent > 0 { return Int(sent) }
        let result = Self.result(SSL_get_error(stream, sent))
        if result == 0 { errno = EPIPE }
        return -1
    }

    /// Whether reads wait; until the load begins.
    var isBlocking = true

    private static func result(_ error: Int32) -> Int {
        switch error {
        case SSL_ERROR_ZERO_RETURN: return 0
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE:
            errno = EAGAIN
            return -1
        default:
            errno = ECONNRESET
            return -1
        }
    }
}
