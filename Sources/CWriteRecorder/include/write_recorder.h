#pragma once

#include <stddef.h>
#include <sys/types.h>

// The calls through which a process changes files, caught before they reach the kernel: for watching what a library
// such as LMDB, which asks nobody for leave, does to its file. Linking this target puts its definitions of pwrite(2),
// writev(2), ftruncate(2), fsync(2) and fdatasync(2) before the C library's, for the program and for its libraries.
// For programs that test only.

enum write_recorder_operation {
    WRITE_RECORDER_WRITE = 1,
    WRITE_RECORDER_TRUNCATE = 2,
    WRITE_RECORDER_SYNC = 3,
};

// Asked before each call, in the thread that makes it. Answers 0: go on; -1: done, without the kernel; an errno: fail
// with it. For WRITE: the bytes and the offset at which they go; for TRUNCATE: the size is the offset.
typedef int (*write_recorder)(int operation, int descriptor, const void *bytes, size_t count, off_t offset);

// Who is asked from now on; NULL: nobody.
void write_recorder_set(write_recorder recorder);
