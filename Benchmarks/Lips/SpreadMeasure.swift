import Face
import Foundation
import LipSync
import Media
import Rendering
import Speech

/// How far mouths open: percentiles of the track of a clip's own sound beside those of the real lips, both in shares of the
/// speaker's range, where somebody speaks.
struct SpreadMeasure {
    private static let shares = [0.03, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.97]

    private var real: [[[Float]]] = [[], [], []]
    private var track: [[[Float]]] = [[], [], []]

    /// Measures a clip and its track, sound and picture taken as they are: no lag is looked for.
    mutating func add(_ path: String, models: FaceModels, encoder: any SpeechEncoder) throws {
        guard let audio = try MediaProbe.inspect(path).audio else { throw UnusableClip(path: path) }
        let reader = try VideoReader(path)
        guard let scene = try SpeakerScene(largestFaceIn: reader, models: models) else {
            throw UnusableClip(path: path)
        }
        let wanted = MouthModel.track(
            try speech(path, encoder: encoder), frameRate: reader.info.frameRate,
            frameCount: (scene.frameNumbers.last ?? 0) + 1, startSeconds: reader.info.startSeconds - audio.startSeconds)
        let rows = scene.frameNumbers.indices.filter { wanted.speech[scene.frameNumbers[$0]] > 0.5 }
        let range = scene.range
        func take(_ curve: Int, _ own: (MouthCurves) -> Float, _ shown: [Float]) {
            real[curve].append(Self.percentiles(rows.map { own(scene.ownCurves[$0]) }))
            track[curve].append(Self.percentiles(rows.map { shown[scene.frameNumbers[$0]] }))
        }
        take(0, { $0.opening / range.opening }, wanted.opening)
        take(1, { ($0.width - range.widthStart) / range.width }, wanted.width)
        take(2, { ($0.jaw - range.jawStart) / range.jaw }, wanted.jaw)
    }

    private static func percentiles(_ values: [Float]) -> [Float] { shares.map { percentile(values, $0) } }

    /// A Markdown table of the means over all clips.
    func printTable() {
        print("| percentile | " + Self.shares.map { String(format: "%.0f", 100 * $0) }.joined(separator: " | ") + " |")
        print("| --- | " + Self.shares.map { _ in "---:" }.joined(separator: " | ") + " |")
        for (curve, name) in ["opening", "width", "jaw"].enumerated() {
            for (source, values) in [("real", real[curve]), ("track", track[curve])] {
                let means = Self.shares.indices.map { index in
                    values.map { $0[index] }.reduce(0, +) / Float(max(values.count, 1))
                }
                print(
                    "| \(name), \(source) | " + means.map { String(format: "%.2f", $0) }.joined(separator: " | ") + " |"
                )
            }
        }
    }
}
