// How well the mark survives, how long it takes, and how seldom it is seen where it is not.
//
//     WatermarkBenchmark [--seconds N] [--points subset|all] [--window narrow|wide] [--strength X]
//                        [--only TREATMENT,…] [--crf N] [--keep FOLDER] [--keys COUNT] CLIP…
//
// Marks the first N seconds (5) of each clip, treats copies with ffmpeg, looks for the mark and prints for each treatment
// how many clips are marked, of how many the identifier is read, and the median and the least score; behind a clip's
// scores, - says that it was not found, ? that its identifier was not read. `--keep` keeps the marked clips, coded with a
// constant rate factor (17). `--keys` looks for random keys in the clips as they are instead, and for Lipsmith's own.

import Face
import Foundation
import LipSync
import Media
import Rendering
import Watermark

struct Options {
    var seconds = 5.0
    var meshPoints = SpeakerPoints.meshPoints
    var detectorPoints = Array(0..<468)
    var basis = CarrierBasis.standard
    var strength: Float = 1
    var treatments = Treatment.all
    var keyCount = 0
    var constantRateFactor = 17
    var keptFolder: String?
    var clips: [String] = []

    init(_ arguments: [String]) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--seconds": seconds = rest.popFirst().flatMap(Double.init) ?? seconds
            case "--points": if rest.popFirst() == "all" { meshPoints = Array(0..<468) }
            case "--read-points": if rest.popFirst() == "subset" { detectorPoints = SpeakerPoints.meshPoints }
            case "--window": if rest.popFirst() == "wide" { basis = .wide }
            case "--strength": strength = rest.popFirst().flatMap(Float.init) ?? strength
            case "--keys": keyCount = rest.popFirst().flatMap { Int($0) } ?? 0
            case "--crf": constantRateFactor = rest.popFirst().flatMap { Int($0) } ?? constantRateFactor
            case "--keep": keptFolder = rest.popFirst()
            case "--only":
                let names = rest.popFirst()?.split(separator: ",").map(String.init) ?? []
                treatments = Treatment.all.filter { names.contains($0.name) }
            default: clips.append(argument)
            }
        }
    }
}

let options = Options(Array(CommandLine.arguments.dropFirst()))
guard !options.clips.isEmpty, let installation = Installation.find() else {
    print("usage: WatermarkBenchmark [--seconds N] … CLIP… (after scripts/setup)")
    exit(2)
}
let models = try installation.loadFaceModels()
let folder = FileManager.default.temporaryDirectory.path + "/watermark-benchmark-\(getpid())"
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }

func report(_ format: String, _ values: any CVarArg...) {
    Swift.print(String(format: format, arguments: values))
    fflush(nil)
}

/// Takes a clip's largest face in.
func collect(_ path: String, seconds: Double = .infinity) throws -> WatermarkDetector {
    let detector = WatermarkDetector(basis: options.basis, meshPoints: options.detectorPoints)
    let reader = try VideoReader(path)
    let tracker = FaceTracker(models)
    let rate = reader.info.frameRate.value
    while let frame = try reader.next(), Double(frame.index) < seconds * rate {
        guard let face = try tracker.track(frame).faces.max(by: { $0.widthPixels < $1.widthPixels }) else { continue }
        let points = options.detectorPoints.map { SIMD2(face.landmarks[$0].x, face.landmarks[$0].y) }
        detector.collect(frame, points: points, seconds: Double(frame.index) / rate)
    }
    return detector
}

report("%d carriers", options.basis.count)
let identifier: UInt32 = 0x5AFE_C0DE
if options.keyCount > 0 {
    try measureRandomKeys()
} else {
    try measureTreatments()
}

func measureTreatments() throws {
    var scores: [String: [WatermarkScore]] = [:]
    var (frames, seconds, scoring) = (0, 0.0, 0.0)
    for (number, clip) in options.clips.enumerated() {
        let marked = folder + "/\(number).mp4"
        let own = identifier &+ UInt32(number) &* 0x0101_0101
        let clipMark = try MarkedClip(
            clip, to: marked, seconds: options.seconds, meshPoints: options.meshPoints, identifier: own, models: models,
            basis: options.basis, constantRateFactor: options.constantRateFactor, strength: options.strength)
        if let kept = options.keptFolder {
            let name = ((clip as NSString).lastPathComponent as NSString).deletingPathExtension
            try FileManager.default.copyItem(atPath: marked, toPath: "\(kept)/\(name)-marked.mp4")
        }
        report(
            "%@: %d frames, jaw %.0f px, paint %.3f ms, changed pixels %.1f dB", (clip as NSString).lastPathComponent,
            clipMark.frameCount, clipMark.jawPixels, clipMark.paintMilliseconds, clipMark.signalToNoiseDecibels)
        var line: [String] = []
        for treatment in options.treatments {
            let copy = folder + "/copy." + (treatment.name == "VP9" ? "webm" : "mp4")
            try treatment.apply(to: marked, output: copy)
            let score: WatermarkScore
            if treatment.name == "mirrored" {
                score = try WatermarkSearch(models: models).find(in: copy).score
            } else {
                let start = Date()
                let detector = try collect(copy)
                seconds += Date().timeIntervalSince(start)
                frames += detector.frameCount
                let middle = Date()
                score = detector.scores(of: [.standard])[0]
                scoring += Date().timeIntervalSince(middle)
            }
            scores[treatment.name, default: []].append(score)
            let isRight = score.identifier == own
            line.append(
                String(format: "%.1f", score.score) + (isRight ? "" : score.isMarked ? "?" : "-")
                    + (score.identifier != nil && !isRight ? "WRONG" : ""))
        }
        report("   %@", line.joined(separator: "  "))
    }
    report("| treatment | marked / id of %d | median z | least |\n| --- | --- | --- | --- |", options.clips.count)
    for treatment in options.treatments {
        let own = scores[treatment.name] ?? []
        let values = own.map(\.score).sorted()
        report(
            "| %@ | %d / %d | %.1f | %.1f |", treatment.name, own.count(where: \.isMarked),
            own.count { $0.identifier != nil }, values[values.count / 2], values[0])
    }
    report(
        "looking: %.2f ms a frame with decoding and tracking, %.2f s a clip for the scores",
        seconds / Double(frames) * 1000, scoring / Double(options.clips.count * options.treatments.count))
}

func measureRandomKeys() throws {
    var generator = SystemRandomNumberGenerator()
    var all: [Double] = []
    for clip in options.clips {
        let detector = try collect(clip, seconds: options.seconds)
        let keys = (0..<options.keyCount).map { _ in
            WatermarkKey((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        let scores = detector.scores(of: [.standard] + keys)
        let others = scores.dropFirst().map(\.score)
        all += others
        report(
            "%@: %d frames, own key %.2f%@, random keys: mean %.2f, largest %.2f, marked %d",
            (clip as NSString).lastPathComponent, detector.frameCount, scores[0].score,
            scores[0].isMarked ? " MARKED" : "", others.reduce(0, +) / Double(max(others.count, 1)), others.max() ?? 0,
            scores.dropFirst().count(where: \.isMarked))
    }
    for threshold in [3.5, 4.0, 4.5, 5.0, 5.5] {
        let bound = min(1, 48 * exp(-threshold * threshold / 2))
        report(
            "z >= %.1f: %.1e of %d, bound %.1e", threshold,
            Double(all.count { $0 >= threshold }) / Double(all.count), all.count, bound)
    }
}
