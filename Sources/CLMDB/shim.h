#pragma once
#include <lmdb.h>
#include <sys/types.h>

// Asks for the cache line of an address ahead of its use; any address will do, a wrong one does no harm.
static inline void latch_prefetch(const void *address) {
    __builtin_prefetch(address);
}

// fallocate(2) with FALLOC_FL_KEEP_SIZE from the file's beginning; <fcntl.h> declares it under _GNU_SOURCE only.
extern int fallocate(int descriptor, int mode, off_t offset, off_t length);

static inline int latch_reserve(int descriptor, off_t bytes) {
    return fallocate(descriptor, 1, 0, bytes);
}

// Reads a byte and does nothing with it; what cannot be read ends the process.
static inline void latch_touch(const void *address) {
    (void)*(const volatile unsigned char *)address;
}
