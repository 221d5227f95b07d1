#pragma once
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>

// prctl(2) takes a variable number of arguments, which Swift cannot call.
static inline int latch_make_undumpable(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

// OpenSSL's typed stacks and combined flags are macros, which Swift does not see.
static const unsigned long latch_name_rfc2253 = XN_FLAG_RFC2253;
static inline STACK_OF(X509) *latch_certificates_new(void) { return sk_X509_new_null(); }
static inline int latch_certificates_push(STACK_OF(X509) *list, X509 *certificate) {
    return sk_X509_push(list, certificate);
}
static inline void latch_certificates_free(STACK_OF(X509) *list) { sk_X509_pop_free(list, X509_free); }

// CRC-32C (Castagnoli) in hardware. Swift has no way to say "this function may use SSE 4.2", so the few lines stand here;
// the table that serves other processors is beside the caller, in CRC32C.swift.

#if defined(__x86_64__)
#include <cpuid.h>

static inline int latch_crc32c_is_in_hardware(void) {
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_2) != 0;
}

__attribute__((target("sse4.2"))) static inline uint32_t latch_crc32c_hardware(
    uint32_t state, const void *bytes, size_t count) {
    const unsigned char *next = (const unsigned char *)bytes;
    uint64_t wide = state;
    for (; count >= 8; count -= 8, next += 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        wide = __builtin_ia32_crc32di(wide, word);
    }
    state = (uint32_t)wide;
    for (; count > 0; count -= 1, next += 1) {
        state = __builtin_ia32_crc32qi(state, *next);
    }
    return state;
}

#elif defined(__aarch64__)
#include <sys/auxv.h>
#ifndef HWCAP_CRC32
#define HWCAP_CRC32 (1 << 7)
#endif

static inline int latch_crc32c_is_in_hardware(void) {
    return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0;
}

__attribute__((target("crc"))) static inline uint32_t latch_crc32c_hardware(
    uint32_t state, const void *bytes, size_t count) {
    const unsigned char *next = (const unsigned char *)bytes;
    for (; count >= 8; count -= 8, next += 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        state = __builtin_arm_crc32cd(state, word);
    }
    for (; count > 0; count -= 1, next += 1) {
        state = __builtin_arm_crc32cb(state, *next);
    }
    return state;
}

#else

static inline int latch_crc32c_is_in_hardware(void) { return 0; }
static inline uint32_t latch_crc32c_hardware(uint32_t state, const void *bytes, size_t count) {
    (void)bytes;
    (void)count;
    return state;
}

#endif
