#define _GNU_SOURCE
#include "seeded_random.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Thread_local int is_seeded;
static _Thread_local uint64_t state;

void seeded_random_begin(uint64_t seed) {
    is_seeded = 1;
    state = seed;
}

void seeded_random_end(void) { is_seeded = 0; }

// SplitMix64.
static uint64_t next(void) {
    state += 0x9E3779B97F4A7C15;
    uint64_t value = state;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
    value = (value ^ value >> 27) * 0x94D049BB133111EB;
    return value ^ value >> 31;
}

ssize_t getrandom(void *bytes, size_t count, unsigned flags) {
    if (!is_seeded) return syscall(SYS_getrandom, bytes, count, flags);
    for (size_t done = 0; done < count; done += sizeof(uint64_t)) {
        uint64_t value = next();
        memcpy((char *)bytes + done, &value, count - done < sizeof value ? count - done : sizeof value);
    }
    return (ssize_t)count;
}

struct start {
    void *(*body)(void *);
    void *argument;
    uint64_t seed;
};

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    seeded_random_begin(start.seed);
    return start.body(start.argument);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
    static int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    // Two threads that ask at once get the same answer.
    if (!create) *(void **)&create = dlsym(RTLD_NEXT, "pthread_create");
    if (!is_seeded) return create(thread, attributes, body, argument);
    struct start *start = malloc(sizeof *start);
    if (!start) return EAGAIN;
    *start = (struct start){body, argument, next()};
    int code = create(thread, attributes, run, start);
    if (code) free(start);
    return code;
}
