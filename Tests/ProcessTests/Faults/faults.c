// Preloaded into a broker: one thing that goes wrong, at one kind of call, when it is made for the n-th time.
//
// LATCH_TEST_FAULT="POINT COUNT ACTION", where POINT is what is written to and the call (segment-write, spare-rename,
// index-sync …), and ACTION is "kill" or an errno to fail with. The program is the one that is released: nothing is
// compiled into it for this.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static char point[64];
static char action[16];
static atomic_long left = -1;

__attribute__((constructor)) static void read_fault(void) {
    long count = 0;
    const char *fault = getenv("LATCH_TEST_FAULT");
    if (fault && sscanf(fault, "%63s %ld %15s", point, &count, action) == 3) atomic_store(&left, count);
}

static const char *kind_of(const char *path) {
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    if (strstr(path, "/copy/")) return "copy";
    if (!strcmp(name, "data.mdb")) return "index";
    if (!strcmp(name, "compacting.mdb")) return "copy";
    if (!strcmp(name, "index")) return "index-directory";
    if (!strcmp(name, "journal")) return "directory";
    if (strstr(name, ".anchor")) return "anchor";
    if (!strncmp(name, "keyring", 7)) return "keyring";
    if (!strcmp(name, "latch") || !strcmp(name, "store")) return "store";
    if (!strstr(name, ".journal")) return "";
    return strncmp(name, "spare-", 6) ? "segment" : "spare";
}

// 0: nothing is wrong; -1: the call fails, with errno set.
static int meet(const char *path, const char *call) {
    if (atomic_load(&left) <= 0) return 0;
    char name[64];
    snprintf(name, sizeof name, "%s-%s", kind_of(path), call);
    if (strcmp(name, point) || atomic_fetch_sub(&left, 1) != 1) return 0;
    if (!strcmp(action, "kill")) kill(getpid(), SIGKILL);
    errno = atoi(action);
    return -1;
}

static int meet_at(int descriptor, const char *call) {
    if (atomic_load(&left) <= 0) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return meet(path, call);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    if (meet_at(descriptor, "write") < 0) return -1;
    return syscall(SYS_pwrite64, descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
    return pwrite(descriptor, bytes, count, offset);
}

ssize_t writev(int descriptor, const struct iovec *pieces, int count) {
    if (meet_at(descriptor, "write") < 0) return -1;
    return syscall(SYS_writev, descriptor, pieces, count);
}

int fdatasync(int descriptor) {
    if (meet_at(descriptor, "sync") < 0) return -1;
    return (int)syscall(SYS_fdatasync, descriptor);
}

int fsync(int descriptor) {
    if (meet_at(descriptor, "sync") < 0) return -1;
    return (int)syscall(SYS_fsync, descriptor);
}

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
    if (meet_at(descriptor, "allocate") < 0) return -1;
    return (int)syscall(SYS_fallocate, descriptor, mode, offset, length);
}

int fallocate64(int descriptor, int mode, off_t offset, off_t length) {
    return fallocate(descriptor, mode, offset, length);
}

int rename(const char *path, const char *new_path) {
    if (meet(path, "rename") < 0) return -1;
    return (int)syscall(SYS_rename, path, new_path);
}
