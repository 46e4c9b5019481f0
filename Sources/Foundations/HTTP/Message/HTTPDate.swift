import Time

/// Seconds since 1970 as the date format of HTTP (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
package enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    package static func format(_ seconds: Int) -> String {
        let (day, rest) = seconds.dividedDown(by: 86400)
        let date = CivilDate(daysSince1970: day)
        return "\(days[day.dividedDown(by: 7).remainder]), \(two(date.day)) \(months[date.month - 1]) \(date.year) "
            + "\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60)) GMT"
    }

    /// Reads the one format that senders must use; the two obsolete ones count as no date.
    package static func parse(_ text: String) -> Int? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let dayOfMonth = Int(parts[1]), (1...31).contains(dayOfMonth),
            let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]), (1970...9999).contains(year)
        else { return nil }
        let clock = parts[4].split(separator: ":").map { Int($0) ?? -1 }
        guard clock.count == 3, (0...23).contains(clock[0]), (0...59).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        let date = CivilDate(year: year, month: month + 1, day: dayOfMonth)
        return date.daysSince1970 * 86400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
