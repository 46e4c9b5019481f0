// Counts the memory that one thread asks for, in a test program.
//
// The program's own malloc and its relatives stand before the C library's for every library of the process, Swift's
// run time included; they count and hand on. Why C: Swift can neither define these names nor keep a thread-local
// counter that needs no memory itself.
#pragma once

#include <stdint.h>

// Starts counting on the calling thread, from 0.
void lipsmith_allocations_start(void);

// Stops counting on the calling thread and gives the number of allocations since the start. Growing a block counts.
int64_t lipsmith_allocations_stop(void);
