/// The limits of sound that is decoded.
package enum SoundLimits {
    /// Accepted samples a second. Telephones have 8,000, the fastest converters 384,000. A file with a wrong rate could
    /// become hours of sound, or need gigabytes to be resampled.
    package static let sampleRates = 4_000...384_000
    /// The largest absolute value of a valid sample: 60 dB over full scale. Larger ones in floating-point files are
    /// damage.
    static let largestSample: Float = 1000

    /// - Throws: `MediaError` of code `audioInvalid` for a rate outside `sampleRates`.
    static func check(sampleRate: Int) throws {
        guard sampleRates.contains(sampleRate) else {
            throw MediaError.audioInvalid(
                "The sound has \(sampleRate) samples a second; 4,000 to 384,000 are supported.", detail: "")
        }
    }
}

/// The limits of times in files.
package enum TimeLimits {
    /// The longest file, in hours; longer ones are taken for damaged.
    static let hours = 24
    /// The longest time of a picture or a sound packet, in seconds. Longer ones come from damaged time stamps or from
    /// attacks in which a few bytes cause hours of work.
    package static let longestGapSeconds = 60.0
}
