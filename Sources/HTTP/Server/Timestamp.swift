import Foundation

/// The time of day as logs have it: `2026-01-31T23:59:59.123Z`.
enum Timestamp {
    static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        var parts = tm()
        var seconds = time.tv_sec
        gmtime_r(&seconds, &parts)
        let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)].map(two)
        let clock = [Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)].map(two)
        let thousandths = String(1000 + time.tv_nsec / 1_000_000).dropFirst()
        return "\(date.joined(separator: "-"))T\(clock.joined(separator: ":")).\(thousandths)Z"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
