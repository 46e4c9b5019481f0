import Glibc

/// Confines the process that calls it: for work on files from strangers, in which a decoder may have a fault.
public enum Sandbox {
    /// Gives up, for good: memory, processor time, files and core dumps beyond the limits, new rights, the network, other
    /// programs, other processes, and files that are none of its business. The process ends with its parent. To be called
    /// first, before anything of a stranger's is read.
    ///
    /// - Parameters:
    ///   - files: The files that stay reachable; nil leaves all of them.
    ///   - parent: The process that must be the parent still; nil where nobody waits for this process.
    ///   - mayBecomeProgram: Whether this process may become another program, which stays confined. It cannot start one
    ///     beside itself.
    /// - Throws: `SandboxError`; the process is confined in part then and must end.
    public static func enter(
        _ limits: SandboxLimits, files: SandboxFiles? = nil, parent: Int32?, mayBecomeProgram: Bool = false
    ) throws(SandboxError) {
        if let parent {
            try check("end with the parent", SystemCallFilter.endWithParent())
            // It may have ended before the kernel knew that somebody cares.
            guard getppid() == parent else { throw SandboxError(step: "the parent has ended", number: ESRCH) }
        }
        // Whoever started this process may have left a database or a connection open in it.
        try check("close inherited files", SystemCallFilter.closeInheritedFiles())
        // A write beyond the limit becomes an error that can be told, not an end by a signal.
        signal(SIGXFSZ, SIG_IGN)
        try limit(RLIMIT_CORE, 0)
        try limit(RLIMIT_DATA, limits.memoryBytes)
        try limit(RLIMIT_AS, limits.memoryBytes + limits.reservedBytes)
        try limit(RLIMIT_CPU, limits.cpuSeconds)
        try limit(RLIMIT_NOFILE, limits.openFileCount)
        try limit(RLIMIT_FSIZE, limits.fileBytes)
        // In a container the server is often the superuser, who could raise the limits again.
        try check("drop capabilities", SystemCallFilter.dropCapabilities())
        try check("forbid new rights", SystemCallFilter.forbidNewPrivileges())
        if let files {
            try check("restrict files", SystemCallFilter.restrictFiles(files))
        }
        try SystemCallFilter.load(mayBecomeProgram: mayBecomeProgram)
    }

    /// Makes this confined process another program.
    ///
    /// - Parameters:
    ///   - path: The program. Its folder is among the files that may be run.
    ///   - arguments: Without its own name.
    /// - Throws: `SandboxError`; never returns otherwise.
    public static func become(_ path: String, _ arguments: [String]) throws(SandboxError) -> Never {
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        execv(path, &words)
        let number = errno
        for word in words { free(word) }
        throw SandboxError(step: "start \(path)", number: number)
    }

    /// Whether this kernel can keep a process from files; without that, all else holds all the same.
    public static var canRestrictFiles: Bool { SystemCallFilter.canRestrictFiles }

    /// Whether a confined process of this one could read every file of the machine: it is the superuser's, and the kernel
    /// cannot keep it from files.
    public static var leavesEveryFileReadable: Bool { geteuid() == 0 && !canRestrictFiles }

    private static func limit(_ resource: __rlimit_resource, _ value: Int64) throws(SandboxError) {
        var present = rlimit()
        guard getrlimit(Int32(resource.rawValue), &present) == 0 else {
            throw SandboxError(step: "read a limit", number: errno)
        }
        // Only down: whoever started this process may have set a lower limit.
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
