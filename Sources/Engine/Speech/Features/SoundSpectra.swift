import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// The power spectra of a stream of 16 kHz sound: 25 ms under a periodic Hann window, every 10 ms.
///
/// Spectrum `k` belongs to the window around sample 160 `k`. Before its start the sound is continued by its mirrored
/// beginning, as in Whisper's preprocessing; after its end by silence.
package struct SoundSpectra {
    /// Samples from one spectrum to the next: 10 ms, Whisper's hop.
    static let hop = 160
    /// Samples of one window: 25 ms, Whisper's window.
    static let windowLength = 400
    /// Values of one spectrum, 40 Hz apart.
    static let binCount = windowLength / 2 + 1

    private let transform = FastFourierTransform(size: Self.windowLength)
    private let hann: [Float]
    /// Samples that a later window still needs. Until enough sound is there to mirror its beginning, the sound alone.
    private var pending: [Float] = []
    private var hasBegun = false
    private var sampleCount = 0
    /// Spectra given out so far, and how many there are in all once the sound has ended.
    private var count = 0
    private var limit = Int.max
    /// The index in `pending` at which the next window begins.
    private var start = 0
    private var frames: ([Float], [Float])
    /// Spectra are computed in pairs: the second of a pair until it is asked for.
    private var second: [Float]?

    package init() {
        hann = (0..<Self.windowLength).map {
            Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(Self.windowLength)))
        }
        let frame = [Float](repeating: 0, count: Self.windowLength)
        frames = (frame, frame)
    }

    /// Takes the next samples, −1…1.
    package mutating func append(_ samples: ArraySlice<Float>) {
        pending.append(contentsOf: samples)
        sampleCount += samples.count
        if !hasBegun, pending.count > Self.windowLength / 2 { mirrorBeginning() }
    }

    /// Ends the sound: windows that reach beyond it are padded with silence. Empty sound has no spectrum; `n` samples
    /// have n / 160 + 1, or one more, so that their number is even.
    package mutating func finish() {
        guard sampleCount > 0 else { return }
        pending.append(contentsOf: [Float](repeating: 0, count: 3 * Self.windowLength))
        if !hasBegun { mirrorBeginning() }
        limit = 2 * (sampleCount / (2 * Self.hop) + 1)
    }

    /// The next spectrum, `binCount` powers; `nil` until there are more samples, and after the last one.
    package mutating func next() -> [Float]? {
        if let second {
            self.second = nil
            count += 1
            return second
        }
        guard hasBegun, count < limit, start + Self.hop + Self.windowLength <= pending.count else {
            pending.removeFirst(start)
            start = 0
            return nil
        }
        for index in 0..<Self.windowLength {
            frames.0[index] = pending[start + index] * hann[index]
            frames.1[index] = pending[start + Self.hop + index] * hann[index]
        }
        start += 2 * Self.hop
        count += 1
        let (first, second) = transform.powerSpectra(of: frames.0, frames.1)
        self.second = second
        return first
    }

    private mutating func mirrorBeginning() {
        pending = pending[1...Self.windowLength / 2].reversed() + pending
        hasBegun = true
    }
}
