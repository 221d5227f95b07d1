#include <stddef.h>
#include <stdint.h>

// libFuzzer's entrance for programs that have a main of their own (LLVM, "Using libFuzzer as a library").
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*target)(const uint8_t *bytes, size_t count));
