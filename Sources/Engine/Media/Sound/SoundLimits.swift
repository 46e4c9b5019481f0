/// Bounds of the sound that is decoded at all.
package enum SoundLimits {
    /// Samples a second. Telephones have 8,000, the fastest converters 384,000; a file that claims anything else would
    /// become hours of sound, or need gigabytes to be resampled.
    package static let sampleRates = 4_000...384_000
    /// The largest sample, 60 dB over full scale; files of floating point may hold any number.
    static let largestSample: Float = 1000

    static func check(sampleRate: Int) throws {
        guard sampleRates.contains(sampleRate) else {
            throw MediaError.audioInvalid(
                "The sound has \(sampleRate) samples a second; 4,000 to 384,000 are supported.", detail: "")
        }
    }
}

/// Bounds of the times that a file gives its pictures and its sound.
package enum TimeLimits {
    /// Longer files are damaged, hours.
    static let hours = 24
    /// A picture or a packet of sound that lasts longer has a damaged time stamp, or is a trap: a few bytes would become
    /// hours of work. Seconds.
    package static let longestGapSeconds = 60.0
}
