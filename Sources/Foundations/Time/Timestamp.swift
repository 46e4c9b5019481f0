/// A moment in whole milliseconds since 1970, UTC: what interfaces show and what stores keep.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let milliseconds: Int64

    /// Wraps a stored number.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Whole seconds since 1970, rounded down, as signatures carry it.
    public var seconds: Int64 { Int64(Int(milliseconds).dividedDown(by: 1000).quotient) }

    /// The moment `duration` later, or earlier where it is negative.
    public func advanced(by duration: Duration) -> Timestamp {
        Timestamp(milliseconds: milliseconds + duration.inMilliseconds)
    }

    /// How long after `earlier` this moment is.
    public func duration(since earlier: Timestamp) -> Duration {
        .milliseconds(milliseconds - earlier.milliseconds)
    }

    /// Orders by time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp {
    /// ISO 8601 in UTC with milliseconds: `2026-01-31T23:59:59.123Z`.
    public var iso8601: String {
        let (days, millisecond) = Int(milliseconds).dividedDown(by: 86_400_000)
        let date = CivilDate(daysSince1970: days)
        return String(unsafeUninitializedCapacity: 40) { buffer in
            var length = 0
            func put(_ number: Int, digits: Int, then end: UInt8) {
                var rest = number
                for index in (length..<length + digits).reversed() {
                    buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                buffer[length + digits] = end
                length += digits + 1
            }
            if (0...9999).contains(date.year) {
                put(date.year, digits: 4, then: UInt8(ascii: "-"))
            } else {
                // Only damaged numbers say such years; they must be shown too.
                for byte in "\(date.year)-".utf8 {
                    buffer[length] = byte
                    length += 1
                }
            }
            put(date.month, digits: 2, then: UInt8(ascii: "-"))
            put(date.day, digits: 2, then: UInt8(ascii: "T"))
            put(millisecond / 3_600_000, digits: 2, then: UInt8(ascii: ":"))
            put(millisecond / 60_000 % 60, digits: 2, then: UInt8(ascii: ":"))
            put(millisecond / 1000 % 60, digits: 2, then: UInt8(ascii: "."))
            put(millisecond % 1000, digits: 3, then: UInt8(ascii: "Z"))
            return length
        }
    }

    /// Reads a date (`2026-11-21`) or a date and time with an optional fraction, ending in `Z`, an offset or nothing
    /// (which means UTC); nil for anything else.
    public init?(iso8601 text: String) {
        var rest = Substring(text)
        guard let year = Self.digits(4, &rest), Self.take("-", &rest), let month = Self.digits(2, &rest),
            Self.take("-", &rest), let day = Self.digits(2, &rest), (1...12).contains(month),
            (1...CivilDate.length(ofMonth: month, year: year)).contains(day)
        else { return nil }
        var total = CivilDate(year: year, month: month, day: day).daysSince1970 * 86_400_000
        if !rest.isEmpty {
            guard Self.take("T", &rest) || Self.take("t", &rest) || Self.take(" ", &rest),
                let hour = Self.digits(2, &rest), Self.take(":", &rest), let minute = Self.digits(2, &rest),
                hour < 24, minute < 60
            else { return nil }
            total += hour * 3_600_000 + minute * 60_000
            if Self.take(":", &rest) {
                guard let second = Self.digits(2, &rest), second < 61 else { return nil }
                total += second * 1000
                if Self.take(".", &rest) {
                    let fraction = rest.prefix { $0.isASCII && $0.isNumber }
                    guard !fraction.isEmpty else { return nil }
                    rest = rest.dropFirst(fraction.count)
                    total += Int(String((fraction + "000").prefix(3))) ?? 0
                }
            }
            guard let offset = Self.offset(&rest), rest.isEmpty else { return nil }
            total -= offset
        }
        self.init(milliseconds: Int64(total))
    }

    private static func offset(_ rest: inout Substring) -> Int? {
        if rest.isEmpty || take("Z", &rest) || take("z", &rest) { return 0 }
        let sign = rest.first == "-" ? -1 : 1
        guard take("+", &rest) || take("-", &rest), let hour = digits(2, &rest) else { return nil }
        _ = take(":", &rest)
        guard let minute = digits(2, &rest), hour < 24, minute < 60 else { return nil }
        return sign * (hour * 3_600_000 + minute * 60_000)
    }

    private static func take(_ character: Character, _ rest: inout Substring) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    private static func digits(_ count: Int, _ rest: inout Substring) -> Int? {
        let part = rest.prefix(count)
        guard part.count == count, part.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int(part) else {
            return nil
        }
        rest = rest.dropFirst(count)
        return value
    }
}
