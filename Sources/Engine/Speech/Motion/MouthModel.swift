public import Media

/// Turns an analysed sound into a mouth track: the encoder's curves, mixed with those of the rules where phones are
/// known, forced closures, and rest where no voice is heard.
///
///     let track = MouthModel.track(analysis, frameRate: Rational(25), frameCount: 250)
///
/// The rules, temperature, soft limit and speed limits are sections 2 and 4 of Lipsmith's speech-to-mouth study; how
/// well the tracks follow real mouths is in docs/benchmarks.md.
public enum MouthModel {
    /// The mouth in each of `frameCount` frames at `frameRate`.
    ///
    /// Frame `i` is sampled at `startSeconds` + (`i` + 0.5) / `frameRate` of the sound, the middle of its time on
    /// screen. Outside the sound the mouth is at rest, with a smooth ramp of under 0.5 s at either end; in a sound
    /// without speech it rests throughout. Each p b m is shut in at least the frame that shows most of it, even when it
    /// is shorter than a frame. A frame rate of 0 or less, or a negative count, gives an empty track.
    public static func track(
        _ analysis: SpeechAnalysis, frameRate: Rational, frameCount: Int, startSeconds: Double = 0,
        options: MouthTrackOptions = .init()
    ) -> MouthTrack {
        let motion = analysis.hasSpeech ? MouthMotion(analysis, options: options) : nil
        var track = MouthTrack(
            frameRate: frameRate, opening: [], width: [], jaw: [], speech: [], closures: [])
        let count = frameRate.numerator > 0 ? max(0, frameCount) : 0
        let seconds = (0..<count).map { startSeconds + (Double($0) + 0.5) / frameRate.value }
        guard let motion else {
            track.opening = seconds.map { _ in options.restOpening }
            track.width = seconds.map { _ in options.restWidth }
            track.jaw = seconds.map { _ in options.restJaw }
            track.speech = seconds.map { _ in 0 }
            return track
        }
        track.opening = seconds.map { motion.sample(motion.opening, at: $0, outside: options.restOpening) }
        track.width = seconds.map { motion.sample(motion.width, at: $0, outside: options.restWidth) }
        track.jaw = seconds.map { motion.sample(motion.jaw, at: $0, outside: options.restJaw) }
        track.speech = seconds.map { motion.sample(motion.speech, at: $0, outside: 0) }
        motion.showClosures(in: &track, startSeconds: startSeconds)
        return track
    }
}
