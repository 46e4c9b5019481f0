public import Media

/// Which source frame stands at each output frame, and how much sound goes with them.
///
/// Output frames are counted as `round(seconds × rate)`, so lengths that differ by less than half a frame are equal.
public struct Timeline: Codable, Hashable, Sendable {
    /// The rule for different lengths.
    public let mode: LengthRule
    /// Frames of the source.
    public let sourceFrameCount: Int
    /// Frames of the output.
    public let frameCount: Int
    /// Samples of the given sound that are used.
    public let usedSampleCount: Int
    /// Samples of the output's sound; what exceeds `usedSampleCount` is silence.
    public let sampleCount: Int

    /// Lays out a whole clip against a whole sound.
    ///
    /// - Parameters:
    ///   - sourceFrameCount: At least 1.
    ///   - sampleCount: Samples of the sound; 0 is taken as silence of the clip's length.
    public init(mode: LengthRule, sourceFrameCount: Int, frameRate: Rational, sampleCount: Int, sampleRate: Int) {
        self.mode = mode
        self.sourceFrameCount = sourceFrameCount
        let soundFrames = Self.frames(ofSamples: sampleCount, sampleRate: sampleRate, frameRate: frameRate)
        switch mode {
        case _ where sampleCount == 0: frameCount = sourceFrameCount
        case .bounce, .loop, .remap: frameCount = soundFrames
        case .cutOff: frameCount = min(sourceFrameCount, soundFrames)
        case .silence: frameCount = max(sourceFrameCount, soundFrames)
        }
        let pictureSamples = Rational(sampleRate * frameRate.denominator, frameRate.numerator).scaled(frameCount)
        switch mode {
        case _ where sampleCount == 0:
            self.sampleCount = pictureSamples
            usedSampleCount = 0
        case .bounce, .loop, .remap:
            self.sampleCount = sampleCount
            usedSampleCount = sampleCount
        case .cutOff:
            // Less than half a frame more or less sound is the same length: it stays whole.
            usedSampleCount = soundFrames > frameCount ? min(sampleCount, pictureSamples) : sampleCount
            self.sampleCount = usedSampleCount
        case .silence:
            usedSampleCount = sampleCount
            self.sampleCount = frameCount > soundFrames ? max(pictureSamples, sampleCount) : sampleCount
        }
    }

    /// The frames that a sound lasts; at least one for any sound at all.
    public static func frames(ofSamples count: Int, sampleRate: Int, frameRate: Rational) -> Int {
        guard count > 0 else { return 0 }
        return max(1, Rational(frameRate.numerator, frameRate.denominator * sampleRate).scaled(count))
    }

    /// The output frame that shows the same source frame again behind the next change of direction; `nil` where there is
    /// none.
    func mirrored(_ index: Int) -> Int? {
        guard mode == .bounce, sourceFrameCount > 1 else { return nil }
        let last = sourceFrameCount - 1
        let position = index % (2 * last)
        let toTurn = position < last ? last - position : 2 * last - position
        return index + 2 * toTurn < frameCount ? index + 2 * toTurn : nil
    }

    /// The source frame that stands at an output frame.
    public func sourceFrame(at index: Int) -> Int {
        switch mode {
        case .bounce:
            guard sourceFrameCount > 1 else { return 0 }
            let period = 2 * sourceFrameCount - 2
            let position = index % period
            return position < sourceFrameCount ? position : period - position
        case .loop: return index % sourceFrameCount
        case .cutOff, .silence: return min(index, sourceFrameCount - 1)
        case .remap: return frameCount == 0 ? 0 : index * sourceFrameCount / frameCount
        }
    }
}
