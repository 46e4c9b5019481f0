import Foundation

/// What the engine takes at most. Whoever hands work to it cannot allow more.
public enum EngineLimits {
    /// The longest clip and the longest sound, seconds.
    public static let mediaSeconds = 7200.0

    /// Decoded frames of the clip that one job keeps, bytes: 512 MiB, which is a group of 170 pictures at 1080p and of
    /// 43 at 4K, or an eighth of what the process may use where that is less.
    static let keptFrameBytes: Int = {
        var data = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &data)
        let usable = min(ProcessInfo.processInfo.physicalMemory, UInt64(data.rlim_cur))
        return Int(min(512 << 20, usable / 8))
    }()
}
