import CSeccomp
import Glibc

/// The system calls that a confined process cannot make.
///
/// A list of refused calls, not of allowed ones: the inference runtime chooses its calls by processor and kernel, and a
/// list of those that it needs today could break with its next version. Calls of another architecture end the process.
enum SystemCallFilter {
    /// Calls that fail with EPERM.
    private static let refused = [
        // The network, and every other way of communication with other processes.
        "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg",
        "recvfrom", "recvmsg", "recvmmsg", "setsockopt", "getsockopt", "getsockname", "getpeername", "shutdown",
        "mq_open", "mq_unlink", "msgget", "msgsnd", "msgrcv", "msgctl", "shmget", "shmat", "shmctl", "semget", "semop",
        "semctl", "semtimedop",
        // Other programs and other processes.
        "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise",
        "process_mrelease", "kill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open", "pidfd_getfd",
        "pidfd_send_signal", "kcmp", "setpgid", "setsid", "move_pages", "migrate_pages",
        // File systems, namespaces and devices.
        "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount",
        "fspick",
        "mount_setattr", "unshare", "setns", "swapon", "swapoff", "quotactl", "quotactl_fd", "name_to_handle_at",
        "open_by_handle_at", "mknod", "mknodat", "fanotify_init", "fanotify_mark", "inotify_init", "inotify_init1",
        "lookup_dcookie",
        // Owner, rights and times of files, which Landlock cannot restrict.
        "chmod", "fchmod", "fchmodat", "chown", "fchown", "lchown", "fchownat", "utime", "utimes", "futimesat",
        "utimensat", "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr",
        // Rights.
        "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups",
        "capset", "add_key", "request_key", "keyctl", "personality",
        // The kernel and the machine.
        "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "kexec_load",
        "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot", "acct", "syslog", "settimeofday",
        "clock_settime", "adjtimex", "clock_adjtime", "sethostname", "setdomainname", "iopl", "ioperm", "modify_ldt",
        "vhangup", "nfsservctl",
    ]

    /// The numbers of calls whose names Debian 12's libseccomp does not know; they are the same for every processor:
    /// fchmodat2 (Linux 6.6), setxattrat and removexattrat (6.13), file_setattr (6.17).
    private static let refusedNumbers: [Int32] = [452, 463, 466, 469]

    /// `CLONE_THREAD` of linux/sched.h, which the C library shows only to GNU programs.
    private static let cloneThread: scmp_datum_t = 0x0001_0000

    static func endWithParent() -> Int32 { lipsmith_process_end_with_parent() }

    static func dropCapabilities() -> Int32 { lipsmith_process_drop_capabilities() }

    static func closeInheritedFiles() -> Int32 { lipsmith_process_close_inherited_files() }

    static func forbidNewPrivileges() -> Int32 { lipsmith_process_forbid_new_privileges() }

    static var canRestrictFiles: Bool { lipsmith_process_can_restrict_files() != 0 }

    static func restrictFiles(_ files: SandboxFiles) -> Int32 {
        var readable: [UnsafePointer<CChar>?] = files.readable.map { UnsafePointer(strdup($0)) } + [nil]
        var writable: [UnsafePointer<CChar>?] = files.writable.map { UnsafePointer(strdup($0)) } + [nil]
        var runnable: [UnsafePointer<CChar>?] = files.runnable.map { UnsafePointer(strdup($0)) } + [nil]
        defer { for path in readable + writable + runnable { free(UnsafeMutablePointer(mutating: path)) } }
        return lipsmith_process_restrict_files(&readable, &writable, &runnable)
    }

    static func load(mayBecomeProgram: Bool) throws(SandboxError) {
        guard let filter = seccomp_init(lipsmith_seccomp_allow()) else {
            throw SandboxError(step: "begin a filter", number: ENOMEM)
        }
        defer { seccomp_release(filter) }
        // Threads that exist already get the filter too.
        try check("filter all threads", seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1))
        let notPermitted = lipsmith_seccomp_refuse(UInt16(EPERM))
        for name in refused where name != "execve" || !mayBecomeProgram {
            try add(filter, notPermitted, name, when: [])
        }
        for number in refusedNumbers {
            try add(filter, notPermitted, number: number, named: "call \(number)", when: [])
        }
        // clone makes threads, which are allowed, and processes, which are not.
        let isNoThread = scmp_arg_cmp(
            arg: 0, op: SCMP_CMP_MASKED_EQ, datum_a: cloneThread, datum_b: 0)
        try add(filter, notPermitted, "clone", when: [isNoThread])
        // The flags of clone3 are in memory, which a filter cannot read. With ENOSYS the C library uses clone instead.
        try add(filter, lipsmith_seccomp_refuse(UInt16(ENOSYS)), "clone3", when: [])
        // Signals to threads of this process, as sent by abort, are allowed; to others not.
        let isForeign = scmp_arg_cmp(arg: 0, op: SCMP_CMP_NE, datum_a: scmp_datum_t(getpid()), datum_b: 0)
        try add(filter, notPermitted, "tgkill", when: [isForeign])
        // Limits of another process are refused; 0 is this one.
        let isOther = scmp_arg_cmp(arg: 0, op: SCMP_CMP_NE, datum_a: 0, datum_b: 0)
        try add(filter, notPermitted, "prlimit64", when: [isOther])
        // TIOCSTI inserts input into a terminal as if its user had typed it.
        let typesInto = scmp_arg_cmp(
            arg: 1, op: SCMP_CMP_MASKED_EQ, datum_a: 0xFFFF_FFFF, datum_b: scmp_datum_t(TIOCSTI))
        try add(filter, notPermitted, "ioctl", when: [typesInto])
        try check("load the filter", seccomp_load(filter))
    }

    private static func add(
        _ filter: scmp_filter_ctx, _ action: UInt32, _ name: String, when conditions: [scmp_arg_cmp]
    ) throws(SandboxError) {
        let number = seccomp_syscall_resolve_name(name)
        guard number != Int32(__NR_SCMP_ERROR) else { throw SandboxError(step: "unknown call \(name)", number: EINVAL) }
        try add(filter, action, number: number, named: name, when: conditions)
    }

    private static func add(
        _ filter: scmp_filter_ctx, _ action: UInt32, number: Int32, named name: String,
        when conditions: [scmp_arg_cmp]
    ) throws(SandboxError) {
        try check(
            "refuse \(name)", seccomp_rule_add_array(filter, action, number, UInt32(conditions.count), conditions))
    }

    private static func check(_ step: String, _ result: Int32) throws(SandboxError) {
        guard result == 0 else { throw SandboxError(step: step, number: -result) }
    }
}
