/// The inputs of the mouth network for a stream of sound: overlapping windows of 12 s of Whisper's mel bands,
/// normalised by `SpeechLevel`.
///
/// Training/MouthNetwork/features.py does the same. Memory does not grow with the sound. A moment is 10 ms.
package struct SpeechWindows {
    /// Mel bands of a moment: Whisper's.
    package static let bandCount = 80
    /// Moments in a window: the input length that the network was trained and exported with. (Whisper's own is 30 s;
    /// 11 s were found to change its states by 4 to 12 %.)
    package static let length = 1200
    /// Moments at either end of a window whose outputs are dropped: they only give context to the rest.
    package static let context = 100
    /// Moments from the start of one window to that of the next.
    private static let step = length - 2 * context

    /// One input of the network.
    package struct Window: Sendable {
        /// `bandCount` values for each of `length` moments, in the scale of Whisper's input.
        package var values: [Float]
        /// How many of the network's outputs of 20 ms are used, from the first one after the context on.
        package var outputCount: Int
    }

    private var spectra = SoundSpectra()
    /// The bands from `firstMoment` on, `bandCount` values for each moment, as base-10 logarithms.
    private var bands: [Float] = []
    private var firstMoment = 0
    private var momentCount = 0
    /// The first moment whose output is still missing.
    private var start = 0
    private var isFinished = false

    package init() {}

    /// Values in memory for windows to come.
    package var keptValueCount: Int { bands.count }

    /// Takes the next samples, −1…1.
    package mutating func append(_ samples: ArraySlice<Float>) {
        spectra.append(samples)
        takeBands()
    }

    /// Ends the sound: the rest becomes windows that are filled up with silence.
    package mutating func finish() {
        spectra.finish()
        takeBands()
        isFinished = true
    }

    /// The next window; `nil` until there is enough sound for it, and after the last one.
    package mutating func next() -> Window? {
        guard start + Self.step + Self.context <= momentCount || isFinished, start < momentCount else { return nil }
        let first = start - Self.context
        let heard = max(first, 0)..<min(first + Self.length, momentCount)
        let offset = (heard.lowerBound - firstMoment) * Self.bandCount
        let part = bands[offset..<offset + heard.count * Self.bandCount]
        var window = Window(
            values: [Float](
                repeating: SpeechLevel.scaled(SpeechLevel.floor), count: Self.length * Self.bandCount),
            outputCount: min(Self.step, momentCount - start) / 2)
        SpeechLevel.level(part, bandCount: Self.bandCount, into: &window.values, at: heard.lowerBound - first)
        start += Self.step
        let unneeded = min(max(start - Self.context - firstMoment, 0), momentCount - firstMoment)
        bands.removeFirst(unneeded * Self.bandCount)
        firstMoment += unneeded
        return window
    }

    private mutating func takeBands() {
        while let spectrum = spectra.next() {
            MelTriangles.whisper.forEachPower(in: spectrum) { bands.append(SpeechLevel.logarithm($0)) }
            momentCount += 1
        }
    }
}
