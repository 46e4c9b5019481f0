import Foundation

/// The speeds at which a clip may be played, relative to the one at which it was drawn, for which the mark is looked for.
public enum WatermarkSpeeds: String, Codable, Sendable {
    /// As drawn, and slowed or sped up between film's 24 and television's 25 frames a second.
    case usual
    /// Half to double speed, in steps of a fortieth.
    case wide

    /// The factors.
    package var factors: [Double] {
        switch self {
        case .usual: [1, 25.0 / 24, 24.0 / 25]
        case .wide: (0...56).map { exp2(Double($0) / 28 - 1) }
        }
    }

    /// From this score on a mark is there, whatever its identifier: by chance it is reached in 8 of 10 million searches
    /// at most, in 6 with wide speeds.
    var threshold: Double { self == .usual ? 6.1 : 6.6 }

    /// From this score on a mark is there whose identifier has a right checksum: by chance in 6 of 100 million
    /// searches at most, in 10 with wide speeds.
    var thresholdWithIdentifier: Double { self == .usual ? 4.5 : 5.0 }
}
