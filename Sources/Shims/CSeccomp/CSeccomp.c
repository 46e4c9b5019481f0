// close_range is shown to GNU programs only; Swift never sees this file.
#define _GNU_SOURCE
#include "CSeccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

uint32_t lipsmith_seccomp_refuse(uint16_t number) { return SCMP_ACT_ERRNO(number); }

uint32_t lipsmith_seccomp_allow(void) { return SCMP_ACT_ALLOW; }

int32_t lipsmith_process_forbid_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno; }

int32_t lipsmith_process_end_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 ? 0 : errno; }

int32_t lipsmith_process_close_inherited_files(void) { return close_range(3, ~0U, 0) == 0 ? 0 : errno; }

void lipsmith_process_return_memory(void) {
    mallopt(M_ARENA_MAX, 4);
    mallopt(M_MMAP_THRESHOLD, 128 << 10);
    mallopt(M_TRIM_THRESHOLD, 128 << 10);
}

int32_t lipsmith_process_drop_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
    return syscall(SYS_capset, &header, none) == 0 ? 0 : errno;
}

// Rights that came after the headers of Debian 12; their numbers never change.
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

static const uint64_t lipsmith_file_reads = LANDLOCK_ACCESS_FS_READ_FILE;
static const uint64_t lipsmith_file_writes = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE;

static int32_t lipsmith_allow(int ruleset, const char *path, uint64_t rights) {
    struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = open(path, O_PATH | O_CLOEXEC)};
    // What is not there, or cannot be, needs no rule.
    if (rule.parent_fd < 0) {
        const int is_nothing = errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == ELOOP || errno == ENAMETOOLONG;
        return is_nothing ? 0 : errno;
    }
    struct stat status;
    int32_t result = 0;
    if (fstat(rule.parent_fd, &status) != 0) {
        result = errno;
    } else {
        if (!S_ISDIR(status.st_mode)) {
            rule.allowed_access &= lipsmith_file_reads | lipsmith_file_writes | LANDLOCK_ACCESS_FS_EXECUTE;
        }
        if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) result = errno;
    }
    close(rule.parent_fd);
    return result;
}

int32_t lipsmith_process_can_restrict_files(void) {
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

int32_t lipsmith_process_restrict_files(
    const char *const *readable, const char *const *writable, const char *const *runnable) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    // An older kernel, or one that was started without it.
    if (version < 1) return 0;
    uint64_t all = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
    if (version >= 2) all |= LANDLOCK_ACCESS_FS_REFER;
    if (version >= 3) all |= LANDLOCK_ACCESS_FS_TRUNCATE;
    struct landlock_ruleset_attr attributes = {.handled_access_fs = all};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (ruleset < 0) return errno;
    int32_t result = 0;
    for (; result == 0 && *readable; readable++) {
        result = lipsmith_allow(ruleset, *readable, LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR);
    }
    for (; result == 0 && *writable; writable++) {
        result = lipsmith_allow(ruleset, *writable, all & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE);
    }
    uint64_t runs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    for (; result == 0 && *runnable; runnable++) result = lipsmith_allow(ruleset, *runnable, runs);
    if (result == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) result = errno;
    close(ruleset);
    return result;
}
