#pragma once
#include <lmdb.h>

// Asks for the cache line of an address ahead of its use; any address will do, a wrong one does no harm.
static inline void latch_prefetch(const void *address) {
    __builtin_prefetch(address);
}
