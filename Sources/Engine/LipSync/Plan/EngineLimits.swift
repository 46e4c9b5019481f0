import Foundation

/// What the engine takes at most. Whoever hands work to it cannot allow more.
public enum EngineLimits {
    /// The longest clip and the longest sound, seconds.
    public static let mediaSeconds = 7200.0
    /// What is used of a driving video, seconds; a longer output plays it to and fro.
    public static let driveSeconds = 300.0
    /// Pictures of one video. Each is kept with its operators while the video is drawn.
    public static let pictures = 20

    /// Decoded frames of the clip that one job keeps, bytes: 512 MiB, which is a group of 170 pictures at 1080p and of
    /// 43 at 4K, or an eighth of what the process may use where that is less.
    static let keptFrameBytes: Int = {
        var data = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &data)
        let usable = min(ProcessInfo.processInfo.physicalMemory, UInt64(data.rlim_cur))
        return Int(min(512 << 20, usable / 8))
    }()
}
