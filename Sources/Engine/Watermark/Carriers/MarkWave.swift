import Foundation

/// The mark's swing in time.
///
/// A face stands nearly still at this rate and codecs keep it; what does not swing drops out in detection. Of 0.8 to
/// 3.6 Hz, 1.3 to 2.0 Hz is found best (Lipsmith's watermark study).
package enum MarkWave {
    /// In hertz.
    package static let frequency = 1.6

    /// The factor of the pattern at a time of presentation, −1…1.
    package static func value(atSeconds seconds: Double) -> Float { Float(cos(2 * .pi * frequency * seconds)) }
}
