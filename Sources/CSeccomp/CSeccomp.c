// close_range is shown to GNU programs only; Swift never sees this file.
#define _GNU_SOURCE
#include "CSeccomp.h"

#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

uint32_t lipsmith_seccomp_refuse(uint16_t number) { return SCMP_ACT_ERRNO(number); }

uint32_t lipsmith_seccomp_allow(void) { return SCMP_ACT_ALLOW; }

int32_t lipsmith_process_forbid_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno; }

int32_t lipsmith_process_end_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 ? 0 : errno; }

int32_t lipsmith_process_close_inherited_files(void) { return close_range(3, ~0U, 0) == 0 ? 0 : errno; }

int32_t lipsmith_process_drop_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
    return syscall(SYS_capset, &header, none) == 0 ? 0 : errno;
}
