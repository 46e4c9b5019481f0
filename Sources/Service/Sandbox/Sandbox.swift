import Glibc

/// Confines the calling process, for work on untrusted files with decoders that may have faults.
public enum Sandbox {
    /// Permanently gives up memory, processor time, open files and file sizes beyond the limits, core dumps, new
    /// privileges, the network, other programs, other processes, and all files but `files`. The process ends with its
    /// parent. Must be called before untrusted data is read.
    ///
    /// - Parameters:
    ///   - files: The files that stay accessible; `nil` for all.
    ///   - parent: The number of the process that must still be the parent; `nil` for a process without a waiting
    ///     parent.
    ///   - mayBecomeProgram: Whether this process may replace itself by another program, which stays confined. It can
    ///     never start one beside itself.
    /// - Throws: `SandboxError`; the process is then partly confined and must end.
    public static func enter(
        _ limits: SandboxLimits, files: SandboxFiles? = nil, parent: Int32?, mayBecomeProgram: Bool = false
    ) throws(SandboxError) {
        if let parent {
            try check("end with the parent", SystemCallFilter.endWithParent())
            // The parent may have ended before the call above.
            guard getppid() == parent else { throw SandboxError(step: "the parent has ended", number: ESRCH) }
        }
        // The parent may have left descriptors of a database or a connection open in this process.
        try check("close inherited files", SystemCallFilter.closeInheritedFiles())
        // A write beyond the limit then fails with an error that can be reported instead of ending the process.
        signal(SIGXFSZ, SIG_IGN)
        try limit(RLIMIT_CORE, 0)
        try limit(RLIMIT_DATA, limits.memoryBytes)
        try limit(RLIMIT_AS, limits.memoryBytes + limits.reservedBytes)
        try limit(RLIMIT_CPU, limits.cpuSeconds)
        try limit(RLIMIT_NOFILE, limits.openFileCount)
        try limit(RLIMIT_FSIZE, limits.fileBytes)
        // In a container the server often runs as root, which could raise the limits again.
        try check("drop capabilities", SystemCallFilter.dropCapabilities())
        try check("forbid new rights", SystemCallFilter.forbidNewPrivileges())
        if let files {
            try check("restrict files", SystemCallFilter.restrictFiles(files))
        }
        try SystemCallFilter.load(mayBecomeProgram: mayBecomeProgram)
    }

    /// Replaces this confined process by another program.
    ///
    /// - Parameters:
    ///   - path: The program; must be among the files that may be run.
    ///   - arguments: The arguments, without the program's name.
    /// - Throws: `SandboxError` when it cannot be started; otherwise does not return.
    public static func become(_ path: String, _ arguments: [String]) throws(SandboxError) -> Never {
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        execv(path, &words)
        let number = errno
        for word in words { free(word) }
        throw SandboxError(step: "start \(path)", number: number)
    }

    /// Whether this kernel can restrict access to files (Landlock). All other restrictions hold without it.
    public static var canRestrictFiles: Bool { SystemCallFilter.canRestrictFiles }

    /// Whether a confined process could still read every file of the machine: it runs as root, and the kernel cannot
    /// restrict access to files.
    public static var leavesEveryFileReadable: Bool { geteuid() == 0 && !canRestrictFiles }

    private static func limit(_ resource: __rlimit_resource, _ value: Int64) throws(SandboxError) {
        var present = rlimit()
        guard getrlimit(Int32(resource.rawValue), &present) == 0 else {
            throw SandboxError(step: "read a limit", number: errno)
        }
        // Limits are only lowered: the parent may have set a lower one.
        let lowered = min(present.rlim_max, rlim_t(max(value, 0)))
        var wanted = rlimit(rlim_cur: lowered, rlim_max: lowered)
        guard setrlimit(Int32(resource.rawValue), &wanted) == 0 else {
            throw SandboxError(step: "set limit \(resource.rawValue)", number: errno)
        }
    }

    private static func check(_ step: String, _ number: Int32) throws(SandboxError) {
        guard number == 0 else { throw SandboxError(step: step, number: number) }
    }
}
