// How well the mouth track follows real lips: for each clip the speech model runs on the clip's own sound, the real
// lips are tracked, the clip's own lag between sound and picture is found and removed, and the curves are compared.
//
//     LipsBenchmark CLIP…
//
// Prints a Markdown table: lag in milliseconds (positive: the picture is late) and correlation of opening, width and
// jaw, per clip and in the median.

import Face
import Foundation
import LipSync
import Media
import Rendering
import Speech

struct Row {
    var name: String
    var lagMilliseconds: Int
    var opening: Double
    var width: Double
    var jaw: Double
}

/// Lags that are tried, in milliseconds.
let lags = stride(from: -300, through: 300, by: 10)

func correlation(_ a: [Float], _ b: [Float]) -> Double {
    let count = Double(a.count)
    let meanA = a.reduce(0) { $0 + Double($1) } / count
    let meanB = b.reduce(0) { $0 + Double($1) } / count
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
        let (dx, dy) = (Double(x) - meanA, Double(y) - meanB)
        ab += dx * dy
        aa += dx * dx
        bb += dy * dy
    }
    return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
}

func measure(_ path: String, models: FaceModels) throws -> Row {
    let info = try MediaProbe.inspect(path)
    guard let video = info.video, let audio = info.audio else { throw UnusableClip(path: path) }
    let analyzer = try SpeechAnalyzer()
    let sound = try AudioReader(path, sampleRate: 16_000, channelCount: 1)
    while let block = try sound.next() { try analyzer.append(block.samples[0]) }
    let speech = try analyzer.finish()

    let reader = try VideoReader(path)
    let tracker = FaceTracker(models)
    var frames: [Int] = []
    var points: [Float] = []
    while let frame = try reader.next() {
        guard let face = try tracker.track(frame).faces.max(by: { $0.box.area < $1.box.area }) else { continue }
        frames.append(frame.index)
        for index in SpeakerPoints.meshPoints {
            let point = face.landmarks[index]
            points += [point.x, point.y, point.z]
        }
    }
    guard let last = frames.last else { throw UnusableClip(path: path) }
    let scene = SpeakerScene(
        shot: 0, identity: 0, frameNumbers: frames, points: points,
        confidences: Array(repeating: 1, count: frames.count), framesPerSecond: video.frameRate.value)
    let rows = lags.map { lag -> Row in
        let track = RuleMouthModel.track(
            speech, frameRate: video.frameRate, frameCount: last + 1,
            startSeconds: video.startSeconds - audio.startSeconds - Double(lag) / 1000)
        func compare(_ wanted: [Float], _ real: KeyPath<MouthCurves, Float>) -> Double {
            correlation(frames.map { wanted[$0] }, scene.ownCurves.map { $0[keyPath: real] })
        }
        return Row(
            name: URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent, lagMilliseconds: lag,
            opening: compare(track.opening, \.opening), width: compare(track.width, \.width),
            jaw: compare(track.jaw, \.jaw))
    }
    // Opening and jaw tell the lag best; the width moves slowly.
    return rows.max { $0.opening + $0.jaw < $1.opening + $1.jaw }!
}

struct UnusableClip: Error {
    var path: String
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

guard CommandLine.arguments.count > 1, let installation = Installation.find() else {
    print("usage: LipsBenchmark CLIP… (after scripts/setup)")
    exit(2)
}
let models = try installation.loadFaceModels()
print("| clip | lag ms | opening | width | jaw |\n| --- | ---: | ---: | ---: | ---: |")
func line(_ row: Row) -> String {
    String(format: "| %@ | %d | %.2f | %.2f | %.2f |", row.name, row.lagMilliseconds, row.opening, row.width, row.jaw)
}
var rows: [Row] = []
for path in CommandLine.arguments.dropFirst() {
    do {
        let row = try measure(path, models: models)
        rows.append(row)
        print(line(row))
    } catch {
        print("| \(path) | – | – | – | – | \(error)")
    }
}
print(
    String(
        format: "| **median** | | **%.2f** | **%.2f** | **%.2f** |", median(rows.map(\.opening)),
        median(rows.map(\.width)), median(rows.map(\.jaw))))
