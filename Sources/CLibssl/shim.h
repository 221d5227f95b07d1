#pragma once
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

// What OpenSSL has as macros, which Swift does not see.
static inline long latch_tls_set_mode(SSL *tls, long mode) { return SSL_set_mode(tls, mode); }
static inline long latch_tls_set_server_name(SSL *tls, const char *name) { return SSL_set_tlsext_host_name(tls, name); }
static inline long latch_tls_require_version_1_2(SSL_CTX *context) {
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}
static const long latch_tls_modes = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER;
