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

// Sends a part of a file to its disk and waits for that (sync_file_range(2), also under _GNU_SOURCE only): nothing is durable yet.
extern int sync_file_range(int descriptor, off_t offset, off_t length, unsigned int flags);

static inline void latch_write_back(int descriptor, off_t offset, off_t length) {
    // SYNC_FILE_RANGE_WRITE, SYNC_FILE_RANGE_WAIT_AFTER
    (void)sync_file_range(descriptor, offset, length, 2 | 4);
}

// Reads a byte and does nothing with it; what cannot be read ends the process.
static inline void latch_touch(const void *address) {
    (void)*(const volatile unsigned char *)address;
}
