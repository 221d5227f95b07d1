#pragma once

#include <stddef.h>
#include <sys/types.h>

// The calls through which a process changes files, caught before they reach the kernel: for watching what a library
// such as LMDB, which asks nobody for leave, does to its file. Linking this target puts its definitions of pwrite(2),
// writev(2), ftruncate(2), fsync(2), fdatasync(2), rename(2) and unlink(2) before the C library's, for the program and
// for its libraries.
// For programs that test only.

enum write_recorder_operation {
    WRITE_RECORDER_WRITE = 1,
    WRITE_RECORDER_TRUNCATE = 2,
    WRITE_RECORDER_SYNC = 3,
};

// Asked before each call, in the thread that makes it. Answers 0: go on; -1: done, without the kernel; an errno: fail
// with it. For WRITE: the bytes and the offset at which they go; for TRUNCATE: the size is the offset.
typedef int (*write_recorder)(int operation, int descriptor, const void *bytes, size_t count, off_t offset);

// Asked before a file gets another name, or, with NULL for the new one, loses the one that it has. Answers 0: go on; an
// errno: fail with it.
typedef int (*write_recorder_names)(const char *path, const char *new_path);

// Who is asked from now on; NULL: nobody.
void write_recorder_set(write_recorder recorder, write_recorder_names names);
