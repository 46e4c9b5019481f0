import Foundation
import Testing
import Time

struct TimestampTests {
    /// Moments are written with milliseconds and read in every common form.
    @Test func timestamps() {
        #expect(Timestamp(milliseconds: 1_769_075_170_602).iso8601 == "2026-01-22T09:46:10.602Z")
        #expect(Timestamp(milliseconds: 0).iso8601 == "1970-01-01T00:00:00.000Z")
        #expect(Timestamp(milliseconds: -1).iso8601 == "1969-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: 951_782_400_000).iso8601 == "2000-02-29T00:00:00.000Z")
        let expected = Timestamp(milliseconds: 1_769_075_170_602)
        for text in [
            "2026-01-22T09:46:10.602Z", "2026-01-22T10:46:10.602+01:00", "2026-01-22t09:46:10.602999z",
            "2026-01-22 04:46:10.602-0500",
        ] { #expect(Timestamp(iso8601: text) == expected, "\(text)") }
        #expect(Timestamp(iso8601: "2026-01-22")?.iso8601 == "2026-01-22T00:00:00.000Z")
        for text in ["", "2026", "2026-13-01", "2026-02-30", "2026-01-22T25:00", "2026-01-22T09:46:10.Z", "x"] {
            #expect(Timestamp(iso8601: text) == nil, "\(text)")
        }
        for days in stride(from: -300_000, to: 300_000, by: 97) {
            let moment = Timestamp(milliseconds: Int64(days) * 86_400_000 + 123)
            #expect(Timestamp(iso8601: moment.iso8601) == moment)
        }
    }

    /// Days that no calendar has come from damaged numbers alone, and are shown all the same.
    @Test func damagedNumbers() {
        #expect(Timestamp(milliseconds: .max).iso8601 == "292278994-08-17T07:12:55.807Z")
        #expect(Timestamp(milliseconds: .min).iso8601.hasSuffix("-05-16T16:47:04.192Z"))
    }

    /// The C library counts days by itself.
    @Test func civilDates() {
        for days in stride(from: -1_000_000, to: 1_000_000, by: 1009) {
            var parts = tm()
            var seconds = time_t(days) * 86_400
            gmtime_r(&seconds, &parts)
            let date = CivilDate(
                year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday))
            #expect(CivilDate(daysSince1970: days) == date)
            #expect(date.daysSince1970 == days)
        }
    }

    /// Seconds before 1970 belong to the day before, whatever the unit.
    @Test func units() {
        #expect((-1).dividedDown(by: 86_400).quotient == -1)
        #expect((-1).dividedDown(by: 86_400).remainder == 86_399)
        #expect(Duration.milliseconds(1500).inSeconds == 1.5)
        #expect(Duration.microseconds(-1500).inMilliseconds == -1)
        #expect(Duration.seconds(Int64.max / 4).inNanoseconds == .max)
    }
}
