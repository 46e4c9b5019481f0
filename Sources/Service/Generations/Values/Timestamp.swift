/// A moment in whole milliseconds since 1970, UTC: what both interfaces show and what every store keeps.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let milliseconds: Int64

    /// Wraps a stored number.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Whole seconds since 1970, rounded down, as signatures carry it.
    public var seconds: Int64 { Int64((Double(milliseconds) / 1000).rounded(.down)) }

    /// The moment `duration` later, or earlier where it is negative.
    public func advanced(by duration: Duration) -> Timestamp {
        let parts = duration.components
        let added = parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
        return Timestamp(milliseconds: milliseconds + added)
    }

    /// How long after `earlier` this moment is.
    public func duration(since earlier: Timestamp) -> Duration {
        .milliseconds(milliseconds - earlier.milliseconds)
    }

    /// Orders by time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp {
    /// ISO 8601 in UTC with milliseconds and `Z`.
    public var iso8601: String {
        let (days, millisecondOfDay) = Self.floorDivide(milliseconds, 86_400_000)
        let date = Self.civil(fromDays: days)
        var text = ""
        text.reserveCapacity(24)
        Self.append(date.year, width: 4, to: &text)
        text += "-"
        Self.append(date.month, width: 2, to: &text)
        text += "-"
        Self.append(date.day, width: 2, to: &text)
        text += "T"
        Self.append(millisecondOfDay / 3_600_000, width: 2, to: &text)
        text += ":"
        Self.append(millisecondOfDay / 60_000 % 60, width: 2, to: &text)
        text += ":"
        Self.append(millisecondOfDay / 1000 % 60, width: 2, to: &text)
        text += "."
        Self.append(millisecondOfDay % 1000, width: 3, to: &text)
        return text + "Z"
    }

    /// Reads a date (`2026-11-21`) or a date and time with an optional fraction, ending in `Z`, an offset or nothing
    /// (which means UTC); nil for anything else.
    public init?(iso8601 text: String) {
        var rest = Substring(text)
        guard let year = Self.digits(4, &rest), Self.take("-", &rest), let month = Self.digits(2, &rest),
            Self.take("-", &rest), let day = Self.digits(2, &rest), (1...12).contains(month),
            (1...Self.length(ofMonth: month, year: year)).contains(day)
        else { return nil }
        var total = Self.days(year: year, month: month, day: day) * 86_400_000
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
                    total += Int64(String((fraction + "000").prefix(3))) ?? 0
                }
            }
            guard let offset = Self.offset(&rest), rest.isEmpty else { return nil }
            total -= offset
        }
        self.init(milliseconds: total)
    }

    private static func offset(_ rest: inout Substring) -> Int64? {
        if rest.isEmpty || take("Z", &rest) || take("z", &rest) { return 0 }
        let sign: Int64 = rest.first == "-" ? -1 : 1
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

    private static func digits(_ count: Int, _ rest: inout Substring) -> Int64? {
        let part = rest.prefix(count)
        guard part.count == count, part.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int64(part) else {
            return nil
        }
        rest = rest.dropFirst(count)
        return value
    }

    private static func append(_ value: Int64, width: Int, to text: inout String) {
        let digits = String(value)
        for _ in digits.utf8.count..<max(width, digits.utf8.count) { text += "0" }
        text += digits
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let remainder = value % divisor
        return remainder < 0 ? (value / divisor - 1, remainder + divisor) : (value / divisor, remainder)
    }

    private static func length(ofMonth month: Int64, year: Int64) -> Int64 {
        let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
        if month == 2 { return isLeap ? 29 : 28 }
        return [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    // Both directions count from 1 March of year 0, so that the leap day is a year's last.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floorDivide(shifted, 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

/// Where the time of day comes from; tests put a hand-driven one in its place.
public protocol WallClock: Sendable {
    /// The present moment.
    var now: Timestamp { get }
}
