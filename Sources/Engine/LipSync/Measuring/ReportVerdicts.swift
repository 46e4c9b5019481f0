import Foundation

/// The measures of a render as sentences, each with a level by `ReportThreshold`.
struct ReportVerdicts {
    let measures: RenderReport.Measures
    let sound: RenderReport.Sound?
    /// Output frames in which a mouth was to be drawn, and those in which one was.
    let wantedFrames: Int
    let drawnFrames: Int

    var all: [RenderReport.Verdict] { lips + picture + heard }

    private func verdict(
        _ threshold: ReportThreshold, _ value: Double, _ sentence: String
    ) -> RenderReport.Verdict {
        .init(measure: threshold.measure, level: threshold.level(value), sentence: sentence)
    }

    private var lips: [RenderReport.Verdict] {
        var verdicts: [RenderReport.Verdict] = []
        if wantedFrames > 0 {
            let share = Double(drawnFrames) / Double(wantedFrames)
            verdicts.append(
                verdict(.coverage, share, "Drawn: a mouth in \(drawnFrames) of \(wantedFrames) frames."))
        }
        if let closures = measures.closures, closures.measured > 0 {
            let share = Double(closures.shown) / Double(closures.measured)
            let left = closures.wanted - closures.measured
            let rest = left > 0 ? " (\(left) more were not measured)" : ""
            verdicts.append(
                verdict(.closures, share, "Closures: \(closures.shown) of \(closures.measured) shown\(rest)."))
        }
        func addFollowing(_ threshold: ReportThreshold, _ following: RenderReport.Following?, _ what: String) {
            guard let correlation = following?.correlation else { return }
            verdicts.append(
                verdict(threshold, correlation, "\(what) follow the sound by \(Self.decimal(correlation))."))
        }
        addFollowing(.opening, measures.opening, "Opening: the drawn lips")
        if let opening = measures.opening, opening.wantedMean > Self.leastOpening {
            let ratio = max(0, opening.drawnMean / opening.wantedMean)
            verdicts.append(
                verdict(.amount, ratio, "Amount: the lips part \(Self.decimal(ratio)) times as far as wanted."))
        }
        addFollowing(.width, measures.width, "Width: the mouth's corners")
        if let rest = measures.rest {
            let share = Double(rest.restingFrames) / Double(max(rest.silentFrames, 1))
            verdicts.append(
                verdict(.rest, share, "Rest: shut in \(rest.restingFrames) of \(rest.silentFrames) silent frames."))
        }
        if let offset = measures.offsetMilliseconds {
            let sentence =
                offset == 0
                ? "Offset: lips and sound are in step."
                : "Offset: the lips are \(abs(offset)) ms \(offset > 0 ? "late" : "early")."
            verdicts.append(verdict(.offset, Double(offset), sentence))
        }
        return verdicts
    }

    private var picture: [RenderReport.Verdict] {
        var verdicts: [RenderReport.Verdict] = []
        func add(_ threshold: ReportThreshold, _ value: Double?, _ name: String, _ meaning: String) {
            guard let value else { return }
            verdicts.append(verdict(threshold, value, "\(name): \(Self.decimal(value)) times \(meaning)."))
        }
        add(.sharpness, measures.sharpness, "Sharpness", "that of the filmed mouth's edges")
        add(.seam, measures.seam, "Seam", "the filmed gradient at the edge of the drawn mouth")
        add(.flicker, measures.flicker, "Flicker", "the filmed change from frame to frame")
        if let outside = measures.outside {
            let sentence =
                outside.changedSamples == 0
                ? "Outside: every sample is the source's before encoding."
                : "Outside: \(outside.changedSamples) samples of a frame differ from the source."
            verdicts.append(verdict(.outside, Double(outside.changedSamples), sentence))
            if let decibels = outside.psnrDecibels {
                verdicts.append(
                    verdict(
                        .encoding, decibels,
                        "Encoding: \(Self.decimal(decibels, places: 1)) dB to the source outside the mouth.")
                )
            }
        }
        return verdicts
    }

    private var heard: [RenderReport.Verdict] {
        guard let sound else { return [] }
        var verdicts: [RenderReport.Verdict] = []
        if let loudness = sound.loudness {
            verdicts.append(
                verdict(.loudness, loudness, "Loudness: \(Self.decimal(loudness, places: 1)) LUFS."))
        }
        let rate = Double(sound.clippedSamples) / max(sound.durationSeconds, 0.1)
        let clipping = sound.clippedSamples == 0 ? "no sample is" : "\(sound.clippedSamples) samples are"
        verdicts.append(verdict(.clipping, rate, "Clipping: \(clipping) cut off at full scale."))
        if let noise = sound.signalToNoiseDecibels {
            verdicts.append(
                verdict(.noise, noise, "Noise: speech is \(Self.decimal(noise, places: 0)) dB above the background."))
        }
        return verdicts
    }

    /// Below this mean the lips hardly move, and a ratio says nothing.
    private static let leastOpening = 0.08

    private static func decimal(_ value: Double, places: Int = 2) -> String {
        String(format: "%.\(places)f", value)
    }
}
