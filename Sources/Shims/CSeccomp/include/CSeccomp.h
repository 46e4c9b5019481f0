// libseccomp and two calls of the kernel as Swift sees them. Each wrapper says why it exists and when it can go.
#pragma once

#include <seccomp.h>
#include <stdint.h>

/// The action that answers a system call with an error number.
///
/// Reason: `SCMP_ACT_ERRNO` is a macro with an argument, which Swift cannot see. Goes when the library has a function.
uint32_t lipsmith_seccomp_refuse(uint16_t number);

/// The action that lets a system call through.
///
/// Reason: Swift imports `SCMP_ACT_ALLOW` with the type that its digits suggest, not with that of an action.
uint32_t lipsmith_seccomp_allow(void);

/// Never again more rights than now, for this process and all that follow; 0 or an error number.
///
/// Reason: `prctl` is variadic, which Swift cannot call. Stays as long as that.
int32_t lipsmith_process_forbid_new_privileges(void);

/// The kernel kills this process when the thread that started it ends; 0 or an error number. Reason: as above.
int32_t lipsmith_process_end_with_parent(void);

/// Closes every file but standard input, output and errors; 0 or an error number.
///
/// Reason: `close_range` is declared for GNU programs only, which Swift's view of the C library is not.
int32_t lipsmith_process_close_inherited_files(void);

/// Lets the C library give memory back to the system: few heaps, and large blocks outside of them.
///
/// Reason: Swift's view of the C library has no `mallopt`.
void lipsmith_process_return_memory(void);

/// Gives up every capability, so that the superuser is a user like others; 0 or an error number.
///
/// Reason: the C library has no function for it, and `syscall` is variadic, which Swift cannot call.
int32_t lipsmith_process_drop_capabilities(void);

/// From here on only files below `readable` can be read, only those below `writable` be read and changed, and only those
/// below `runnable` be read and run, all lists ending in NULL; 0 or an error number. Nothing happens, and 0 comes back,
/// where the kernel has no Landlock.
///
/// Reason: the C library has no functions for Landlock, and `syscall` is variadic. To be called after
/// `lipsmith_process_forbid_new_privileges`, before other threads exist.
int32_t lipsmith_process_restrict_files(
    const char *const *readable, const char *const *writable, const char *const *runnable);

/// Whether the kernel has Landlock. Reason: as above.
int32_t lipsmith_process_can_restrict_files(void);
