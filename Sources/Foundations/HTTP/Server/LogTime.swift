import Foundation

/// The time of day as logs have it: `2026-01-31T23:59:59.123Z`.
enum LogTime {
    static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        var parts = tm()
        var seconds = time.tv_sec
        gmtime_r(&seconds, &parts)
        return String(unsafeUninitializedCapacity: 24) { buffer in
            var length = 0
            func put(_ number: Int, _ digits: Int, then end: UInt8) {
                var rest = number
                for index in (length..<length + digits).reversed() {
                    buffer[index] = 48 + UInt8(rest % 10)
                    rest /= 10
                }
                buffer[length + digits] = end
                length += digits + 1
            }
            put(Int(parts.tm_year) + 1900, 4, then: UInt8(ascii: "-"))
            put(Int(parts.tm_mon) + 1, 2, then: UInt8(ascii: "-"))
            put(Int(parts.tm_mday), 2, then: UInt8(ascii: "T"))
            put(Int(parts.tm_hour), 2, then: UInt8(ascii: ":"))
            put(Int(parts.tm_min), 2, then: UInt8(ascii: ":"))
            put(Int(parts.tm_sec), 2, then: UInt8(ascii: "."))
            put(time.tv_nsec / 1_000_000, 3, then: UInt8(ascii: "Z"))
            return length
        }
    }
}
