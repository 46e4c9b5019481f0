/// The resource limits of a confined process.
public struct SandboxLimits: Hashable, Sendable {
    /// The writable memory in bytes (RLIMIT_DATA). With too little, large pictures fail; with too much, one bad file
    /// takes the machine's memory.
    public var memoryBytes: Int64
    /// Address space in addition to that, in bytes, for program text, models and reservations that are never written
    /// to.
    public var reservedBytes: Int64
    /// Processor time of all threads together, in seconds.
    public var cpuSeconds: Int64
    /// Open files at once.
    public var openFileCount: Int64
    /// The largest file that may be written, in bytes.
    public var fileBytes: Int64

    /// The defaults are those of a render child (docs/jobs.md): 4 GiB, an hour of processor time, 256 files, 32 GiB per
    /// file.
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

/// The files that a confined process may access. Without effect on a kernel without Landlock.
public struct SandboxFiles: Hashable, Sendable {
    /// Files and folders that may be read. Paths that do not exist are ignored.
    public var readable: [String]
    /// Files and folders that may be read and changed.
    public var writable: [String]
    /// Files and folders that may be executed, where replacing the process is allowed at all.
    public var runnable: [String]

    /// The files that every program needs (libraries, locale, devices), and the given ones.
    public init(readable: [String] = [], writable: [String] = [], runnable: [String] = []) {
        // Of /etc only what the library loader reads; other files there may be secret.
        self.readable =
            [
                "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/proc", "/sys",
                "/dev/urandom", "/dev/zero",
            ] + readable
        self.writable = ["/dev/null"] + writable
        self.runnable = runnable
    }
}

/// The error of a process that could not confine itself; it must end.
public struct SandboxError: Error, Sendable, CustomStringConvertible {
    /// The stable code of this failure.
    public static let code = "sandbox_unavailable"
    /// The step that failed.
    public let step: String
    /// The system's error number.
    public let number: Int32

    /// The step and the number.
    public var description: String { "\(Self.code): \(step) (\(number))" }
}
