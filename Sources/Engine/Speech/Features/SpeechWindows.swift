/// What the mouth network hears of a stream of sound: windows of 12 s of Whisper's mel bands, brought to one level.
///
/// Training/MouthNetwork/features.py does the same. Memory does not grow with the sound.
package struct SpeechWindows {
    /// Mel bands of a moment.
    package static let bandCount = 80
    /// Moments of 10 ms in a window.
    package static let length = 1200
    /// Moments at both ends of a window that are only heard.
    package static let context = 100
    /// From one window to the next, in moments.
    private static let step = length - 2 * context

    /// One input of the network.
    package struct Window: Sendable {
        /// `bandCount` values for each of `length` moments, in the form that Whisper takes.
        package var values: [Float]
        /// The network's outputs of 20 ms that count, from the first behind the context on.
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

    /// Values that are kept for windows to come.
    package var keptValueCount: Int { bands.count }

    /// Takes the next samples, −1…1.
    package mutating func append(_ samples: ArraySlice<Float>) {
        spectra.append(samples)
        takeBands()
    }

    /// Ends the sound: what is left of it becomes windows that silence fills up.
    package mutating func finish() {
        spectra.finish()
        takeBands()
        isFinished = true
    }

    /// The next window; nil until there is enough sound for it.
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
