#include "CAllocationCount.h"

#include <errno.h>
#include <stdlib.h>

// glibc's own allocator under the names that stay when malloc is replaced: no dlsym is needed, which allocates itself.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static _Thread_local int is_counting;
static _Thread_local int64_t allocations;

void lipsmith_allocations_start(void) {
    allocations = 0;
    is_counting = 1;
}

int64_t lipsmith_allocations_stop(void) {
    is_counting = 0;
    return allocations;
}

void *malloc(size_t size) {
    allocations += is_counting;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    allocations += is_counting;
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
    allocations += is_counting;
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
    allocations += is_counting;
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    allocations += is_counting;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
    allocations += is_counting;
    void *found = __libc_memalign(alignment, size);
    if (!found) return ENOMEM;
    *block = found;
    return 0;
}
