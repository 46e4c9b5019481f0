import Glibc

/// Where a store gets a time from that never goes back while the machine runs; tests put a hand-driven one in its place.
public protocol SteadyClock: Sendable {
    /// Milliseconds since a moment that is the same for all processes as long as `epoch` is.
    var milliseconds: Int64 { get }
    /// The name of that moment: another one after every start of the machine.
    var epoch: String { get }
}

/// The machine's monotonic clock, which nobody can set. It stands still while the machine sleeps.
public struct MachineClock: SteadyClock {
    /// The name of this run of the machine.
    public let epoch: String

    public init() {
        var text = [UInt8](repeating: 0, count: 64)
        let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        let count = descriptor < 0 ? 0 : read(descriptor, &text, text.count)
        if descriptor >= 0 { close(descriptor) }
        // Where the kernel does not say, every start of the machine looks like the same one.
        epoch = String(decoding: text.prefix(max(count, 0)).filter { $0 > 0x20 }, as: UTF8.self)
    }

    /// Milliseconds since the machine started.
    public var milliseconds: Int64 { MonotonicTime.now().nanoseconds / 1_000_000 }
}
