#define _GNU_SOURCE
#include "write_recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static _Atomic(write_recorder) current;
static _Atomic(write_recorder_names) current_names;

void write_recorder_set(write_recorder recorder, write_recorder_names names) {
    atomic_store(&current_names, names);
    atomic_store(&current, recorder);
}

// 0: go on; 1: done; -1: failed, with errno set.
static int ask(int operation, int descriptor, const void *bytes, size_t count, off_t offset) {
    write_recorder recorder = atomic_load_explicit(&current, memory_order_acquire);
    if (!recorder) return 0;
    int answer = recorder(operation, descriptor, bytes, count, offset);
    if (answer <= 0) return -answer;
    errno = answer;
    return -1;
}

static int ask_names(const char *path, const char *new_path) {
    write_recorder_names names = atomic_load_explicit(&current_names, memory_order_acquire);
    int code = names ? names(path, new_path) : 0;
    if (code) errno = code;
    return code ? -1 : 0;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    if (ask(WRITE_RECORDER_WRITE, descriptor, bytes, count, offset) < 0) return -1;
    return syscall(SYS_pwrite64, descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
    return pwrite(descriptor, bytes, count, offset);
}

ssize_t writev(int descriptor, const struct iovec *pieces, int count) {
    if (atomic_load_explicit(&current, memory_order_acquire)) {
        off_t offset = lseek(descriptor, 0, SEEK_CUR);
        for (int i = 0; i < count && offset >= 0; i++) {
            if (ask(WRITE_RECORDER_WRITE, descriptor, pieces[i].iov_base, pieces[i].iov_len, offset) < 0) return -1;
            offset += (off_t)pieces[i].iov_len;
        }
    }
    return syscall(SYS_writev, descriptor, pieces, count);
}

int ftruncate(int descriptor, off_t size) {
    if (ask(WRITE_RECORDER_TRUNCATE, descriptor, NULL, 0, size) < 0) return -1;
    return (int)syscall(SYS_ftruncate, descriptor, size);
}

int ftruncate64(int descriptor, off_t size) { return ftruncate(descriptor, size); }

int fsync(int descriptor) {
    int answer = ask(WRITE_RECORDER_SYNC, descriptor, NULL, 0, 0);
    if (answer != 0) return answer < 0 ? -1 : 0;
    return (int)syscall(SYS_fsync, descriptor);
}

int fdatasync(int descriptor) {
    int answer = ask(WRITE_RECORDER_SYNC, descriptor, NULL, 0, 0);
    if (answer != 0) return answer < 0 ? -1 : 0;
    return (int)syscall(SYS_fdatasync, descriptor);
}

int rename(const char *path, const char *new_path) {
    if (ask_names(path, new_path) < 0) return -1;
    return (int)syscall(SYS_renameat, AT_FDCWD, path, AT_FDCWD, new_path);
}

int unlink(const char *path) {
    if (ask_names(path, NULL) < 0) return -1;
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}
