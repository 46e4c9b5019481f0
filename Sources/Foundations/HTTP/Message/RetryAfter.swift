import Foundation

/// How long a server asks its callers to wait (RFC 9110, section 10.2.3).
package enum RetryAfter {
    /// Longer waits are limited to this, in seconds: a year.
    private static let mostSeconds = 31_536_000.0

    /// Reads the field's value, seconds or a date; nil where it is neither.
    ///
    /// - Parameter now: Seconds since 1970.
    package static func seconds(_ text: String, now: Double = Date().timeIntervalSince1970) -> Double? {
        if let seconds = Double(text), seconds.isFinite, seconds >= 0 { return min(seconds, mostSeconds) }
        return HTTPDate.parse(text).map { min(max(0, Double($0) - now), mostSeconds) }
    }
}

extension HTTPClientResponse {
    /// How long the server asks its callers to wait; nil where it does not ask.
    package var retryAfter: Duration? { headers["Retry-After"].flatMap { RetryAfter.seconds($0) }.map { .seconds($0) } }
}
