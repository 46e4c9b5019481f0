import Foundation
import Speech

/// Measures the sound of an output while it is written.
struct SoundMeasuring {
    /// Steps of `RenderReport.Sound.waveform`.
    private static let waveformSteps = 800
    /// From here on a sample counts as at full scale: the largest of 16 bits is 0.99997.
    private static let fullScale: Float = 0.9999
    /// So many samples at full scale in a row are clipping; a peak may reach it once or twice by itself.
    private static let clippedRun = 3
    /// Windows a second of `silentWindows`.
    static let windowsPerSecond = 100
    /// True peaks above −12 dB are looked for between the samples.
    private static let peakLevel: Float = 0.25

    private let sampleRate: Int
    private let sampleCount: Int
    private var meters: [LoudnessMeter]
    private var peaks: [TruePeak]
    private var truePeak: Float = 0
    private var runs: [Int]
    private var clippedSamples = 0
    private var waveform: [Float]
    private var window = (power: 0.0, count: 0)
    /// Whether each hundredth of a second is silent, by the rule of `SoundCheck`.
    private(set) var silentWindows: [Bool] = []
    private var position = 0

    /// - Parameter sampleCount: Samples of the whole sound, for the steps of the waveform.
    init(sampleRate: Int, channelCount: Int, sampleCount: Int) {
        self.sampleRate = sampleRate
        self.sampleCount = max(sampleCount, 1)
        meters = Array(repeating: LoudnessMeter(sampleRate: sampleRate), count: channelCount)
        peaks = Array(repeating: TruePeak(above: Self.peakLevel), count: channelCount)
        runs = Array(repeating: 0, count: channelCount)
        waveform = Array(repeating: 0, count: min(Self.waveformSteps, self.sampleCount))
    }

    /// Takes the next samples of each channel.
    mutating func append(_ channels: [[Float]]) {
        for (number, samples) in channels.enumerated() where meters.indices.contains(number) {
            meters[number].append(samples)
            for sample in samples {
                truePeak = max(truePeak, peaks[number].next(sample))
                runs[number] = abs(sample) >= Self.fullScale ? runs[number] + 1 : 0
                if runs[number] == Self.clippedRun { clippedSamples += Self.clippedRun }
                if runs[number] > Self.clippedRun { clippedSamples += 1 }
            }
        }
        for index in 0..<(channels.first?.count ?? 0) {
            // The loudest channel decides whether it is silent.
            let peak = channels.reduce(Float(0)) { max($0, abs($1[index])) }
            let step = min(position * waveform.count / sampleCount, waveform.count - 1)
            waveform[step] = max(waveform[step], peak)
            position += 1
            window.power += Double(peak * peak)
            window.count += 1
            if window.count >= sampleRate / Self.windowsPerSecond { endWindow() }
        }
    }

    private mutating func endWindow() {
        silentWindows.append(10 * log10(window.power / Double(window.count)) < SoundCheck.silenceDecibels)
        window = (0, 0)
    }

    /// What was measured, with what was heard of the sounds that the lips follow.
    ///
    /// - Parameter speechShare: The share of the output's frames with speech.
    func report(speechShare: Double, speech: [SpeechAnalysis]) -> RenderReport.Sound {
        let silentCount = silentWindows.count { $0 }
        let loudness = LoudnessMeter.integratedLoudness(of: meters)
        // Digital silence between words would give any number.
        let noise = speech.filter(\.hasSpeech).map { min(Double($0.signalToNoiseDecibels), 60) }.min()
        return .init(
            durationSeconds: Double(position) / Double(max(sampleRate, 1)),
            loudness: loudness.isFinite ? loudness.rounded(toPlaces: 1) : nil,
            truePeakDecibels: truePeak > 0 ? (20 * log10(Double(truePeak))).rounded(toPlaces: 1) : nil,
            clippedSamples: clippedSamples,
            silentShare: (Double(silentCount) / Double(max(silentWindows.count, 1))).rounded(toPlaces: 3),
            speechShare: speechShare.rounded(toPlaces: 3),
            signalToNoiseDecibels: noise.map { $0.rounded(toPlaces: 1) },
            waveform: waveform.map { Double(min($0, 1)).rounded(toPlaces: 3) })
    }
}

extension Double {
    /// Rounded to so many decimal places: a report is read by people, and thousands of digits say nothing.
    func rounded(toPlaces places: Int) -> Double {
        let scale = pow(10, Double(places))
        return (self * scale).rounded() / scale
    }
}
