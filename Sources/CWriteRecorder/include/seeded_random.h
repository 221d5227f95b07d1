#pragma once

#include <stdint.h>

// getrandom(2) with numbers that a seed brings back, for one thread and for those that it starts: linking this target
// puts its definitions of getrandom(2) and pthread_create(3) before the C library's. Every other thread of the process
// goes on hearing from the kernel. For programs that test only: whatever is sealed under such numbers is sealed for
// nobody.

// The calling thread's random numbers follow from a seed from here on.
void seeded_random_begin(uint64_t seed);

// The calling thread asks the kernel again.
void seeded_random_end(void);
