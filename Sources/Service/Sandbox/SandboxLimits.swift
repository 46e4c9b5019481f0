/// What a confined process may use.
public struct SandboxLimits: Hashable, Sendable {
    /// Memory that the process may write to, in bytes. Too low and large pictures fail; too high and one bad file takes
    /// the machine's memory.
    public var memoryBytes: Int64
    /// Address space beyond that memory, in bytes, for program text, models and reserves that are never written to.
    public var reservedBytes: Int64
    /// Processor time of all threads together, in seconds.
    public var cpuSeconds: Int64
    /// Open files at once.
    public var openFileCount: Int64
    /// The largest file that may be written, in bytes.
    public var fileBytes: Int64

    /// The architecture's limits for a child process.
    public init(
        memoryBytes: Int64 = 4 << 30, reservedBytes: Int64 = 4 << 30, cpuSeconds: Int64 = 3600,
        openFileCount: Int64 = 256, fileBytes: Int64 = 32 << 30
    ) {
        self.memoryBytes = memoryBytes
        self.reservedBytes = reservedBytes
        self.cpuSeconds = cpuSeconds
        self.openFileCount = openFileCount
        self.fileBytes = fileBytes
    }
}

/// The files that a confined process may reach; all of them, on a kernel without Landlock.
public struct SandboxFiles: Hashable, Sendable {
    /// Files and folders that may be read. Paths that do not exist are passed over.
    public var readable: [String]
    /// Files and folders that may be read and changed.
    public var writable: [String]
    /// Files and folders that may be run where becoming a program is allowed at all.
    public var runnable: [String]

    /// What programs of this machine need, and the given paths.
    public init(readable: [String] = [], writable: [String] = [], runnable: [String] = []) {
        // Of /etc only what the loader of libraries reads: the superuser's own files there are nobody's business.
        self.readable =
            [
                "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/proc", "/sys",
                "/dev/urandom", "/dev/zero",
            ] + readable
        self.writable = ["/dev/null"] + writable
        self.runnable = runnable
    }
}

/// Why a process could not confine itself. It must not go on then.
public struct SandboxError: Error, Sendable, CustomStringConvertible {
    /// The stable name of the failure.
    public static let code = "sandbox_unavailable"
    /// The step that failed.
    public let step: String
    /// The system's error number.
    public let number: Int32

    /// The step and the number.
    public var description: String { "\(Self.code): \(step) (\(number))" }
}
