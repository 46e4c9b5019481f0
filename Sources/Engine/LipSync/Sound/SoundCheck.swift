import Foundation
import Media

/// Measures a sound: length, loudness, peaks, clipping and silence.
enum SoundCheck {
    /// Windows below this root mean square, in decibels of full scale, are silent: quiet speech stays above.
    static let silenceDecibels = -50.0
    /// The most steps of a waveform.
    static let mostPeaks = 600
    /// From here on a sample counts as clipped: the largest of 16 bits, 32767 of 32768, does.
    private static let fullScale: Float = 0.9999
    /// Windows a second in which silence and peaks are measured.
    private static let windowsPerSecond = 100

    /// - Throws: `MediaError`, `RenderFailure`.
    static func look(at path: String, cancellation: Cancellation) throws -> MediaCheck.Sound {
        let reader = try AudioReader(path)
        var meter = LoudnessMeter()
        // Of most files the loudness needs a second reading, at the meter's rate.
        let isMeterReady = reader.sampleRate == LoudnessMeter.sampleRate && reader.channelCount == 1
        var measure = Measure(reader.sampleRate)
        while let block = try reader.next() {
            try cancellation.check()
            measure.append(block)
            if isMeterReady { meter.append(block.samples[0]) }
            guard measure.seconds <= EngineLimits.mediaSeconds else {
                throw RenderFailure(
                    .durationGreaterThanMaximum, message: "The sound is longer than two hours.",
                    suggestion: "Cut it into shorter parts.", detail: path)
            }
        }
        if !isMeterReady {
            let reader = try AudioReader(path, sampleRate: LoudnessMeter.sampleRate, channelCount: 1)
            while let block = try reader.next() {
                try cancellation.check()
                meter.append(block.samples[0])
            }
        }
        return measure.result(loudness: meter.integratedLoudness)
    }

    /// What is known of the samples so far.
    struct Measure {
        private let sampleRate: Int
        private var frameCount = 0
        private var sampleCount = 0
        private var clippedCount = 0
        private var peaks: [Float] = []
        private var silentFrames = 0
        private var windowPeak: Float = 0
        private var windowPower = 0.0
        private var windowFrames = 0

        init(_ sampleRate: Int) { self.sampleRate = sampleRate }

        var seconds: Double { Double(frameCount) / Double(sampleRate) }

        mutating func append(_ block: AudioBlock) {
            for index in 0..<block.frameCount {
                // The loudest channel decides whether it is silent.
                var power: Float = 0
                for channel in block.samples {
                    let value = abs(channel[index])
                    if value >= SoundCheck.fullScale { clippedCount += 1 }
                    windowPeak = max(windowPeak, value)
                    power = max(power, value * value)
                }
                windowPower += Double(power)
                windowFrames += 1
                if windowFrames == max(1, sampleRate / SoundCheck.windowsPerSecond) { endWindow() }
            }
            frameCount += block.frameCount
            sampleCount += block.frameCount * block.samples.count
        }

        private mutating func endWindow() {
            guard windowFrames > 0 else { return }
            let decibels = 10 * log10(windowPower / Double(windowFrames))
            if decibels < SoundCheck.silenceDecibels { silentFrames += windowFrames }
            peaks.append(windowPeak)
            (windowPeak, windowPower, windowFrames) = (0, 0, 0)
        }

        func result(loudness: Double) -> MediaCheck.Sound {
            var ended = self
            ended.endWindow()
            let peak = Double(ended.peaks.max() ?? 0)
            func share(_ count: Int, of all: Int) -> Double { all > 0 ? Double(count) / Double(all) : 0 }
            return MediaCheck.Sound(
                durationSeconds: seconds, loudness: loudness.isFinite ? (loudness * 10).rounded() / 10 : nil,
                peakDecibels: peak > 0 ? (20 * log10(peak) * 10).rounded() / 10 : nil,
                clippedShare: share(clippedCount, of: sampleCount),
                silentShare: share(ended.silentFrames, of: frameCount), waveform: ended.waveform)
        }

        private var waveform: [Double] {
            let count = min(SoundCheck.mostPeaks, peaks.count)
            return (0..<count).map { step in
                let windows = peaks.count * step / count..<peaks.count * (step + 1) / count
                return (Double(min(1, peaks[windows].max() ?? 0)) * 1000).rounded() / 1000
            }
        }
    }
}
