// How well the mouth track follows real lips: for each clip the speech model runs on the clip's own sound, the real
// lips are tracked, the clip's own lag between sound and picture is found and removed, and the curves are compared.
//
//     LipsBenchmark [--noise SOUND DECIBELS] CLIP…
//
// With `--noise` a sound lies under the clip's own, that many decibels softer (mean power), repeated to its length. Closures
// are those seen in the real mouth: found by the track (recall), and the share of the track's that are real (precision); rest
// is the share of the track's frames without speech at rest.
//
// With a sound, how well the lips that the engine draws follow the track of that sound, read back from the output:
//
//     LipsBenchmark --rendered SOUND [--model NAME] [--keep FOLDER] CLIP…
//
// With `own` as the sound every clip says with new lips what it says anyway, and the new lips are compared with the real ones
// too.
//
// How far the mouth opens, narrows and drops, beside the real one:
//
//     LipsBenchmark --spread CLIP…
//
// What listening alone costs:
//
//     LipsBenchmark --listen SOUND
//
// The first prints a Markdown table of the lag in milliseconds (positive: the picture is late), the correlation of opening,
// width and jaw, and closures and rest, per clip and in the median; the second one of what `RenderedMeasures` holds.

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
    var closures: ClosureScore?
    var rest: Double?
}

/// Lags that are tried, in milliseconds.
let lags = stride(from: -300, through: 300, by: 10)

func correlation(_ a: [Float], _ b: [Float]) -> Double { CurveStatistics.correlation(a, b) ?? 0 }

/// The tracked lips of a clip's largest face.
func lips(_ path: String, models: FaceModels) throws -> (frames: [Int], curves: [MouthCurves], info: VideoStreamInfo) {
    let reader = try VideoReader(path)
    guard let scene = try SpeakerScene(largestFaceIn: reader, models: models) else { throw UnusableClip(path: path) }
    return (scene.frameNumbers, scene.ownCurves, reader.info)
}

/// What is heard in a sound, beside phones that a synthesiser left in it.
func speech(_ path: String, encoder: any SpeechEncoder, noise: Noise? = nil) throws -> SpeechAnalysis {
    var analyzer = SpeechAnalyzer(encoder: encoder, phones: EmbeddedPhones.read(path))
    if let noise {
        try analyzer.append(noise.under(samples(path)))
    } else {
        let sound = try AudioReader(path, sampleRate: 16_000, channelCount: 1)
        while let block = try sound.next() { try analyzer.append(block.samples[0]) }
    }
    return try analyzer.finish()
}

func samples(_ path: String) throws -> [Float] {
    let reader = try AudioReader(path, sampleRate: 16_000, channelCount: 1)
    var samples: [Float] = []
    while let block = try reader.next() { samples += block.samples[0] }
    return samples
}

/// A sound that is laid under others.
struct Noise {
    var samples: [Float]
    /// How much softer it is than what it lies under, by mean power.
    var decibels: Float

    func under(_ sound: [Float]) -> [Float] {
        func power(_ values: [Float]) -> Float { values.reduce(0) { $0 + $1 * $1 } / Float(max(values.count, 1)) }
        let repeated = sound.indices.map { samples[$0 % samples.count] }
        let gain = (power(sound) / max(power(repeated), 1e-12)).squareRoot() * pow(10, -decibels / 20)
        return zip(sound, repeated).map { $0 + gain * $1 }
    }
}

/// The best row over all lags between the tracked lips of a clip and the mouth track of a sound.
func compare(
    _ path: String, to analysis: SpeechAnalysis, soundStartSeconds: Double, models: FaceModels
) throws -> Row {
    let (frames, real, info) = try lips(path, models: models)
    let rows = lags.map { lag -> Row in
        let track = MouthModel.track(
            analysis, frameRate: info.frameRate, frameCount: frames[frames.count - 1] + 1,
            startSeconds: info.startSeconds - soundStartSeconds - Double(lag) / 1000)
        func compare(_ wanted: [Float], _ curve: KeyPath<MouthCurves, Float>) -> Double {
            correlation(frames.map { wanted[$0] }, real.map { $0[keyPath: curve] })
        }
        return Row(
            name: URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent, lagMilliseconds: lag,
            opening: compare(track.opening, \.opening), width: compare(track.width, \.width),
            jaw: compare(track.jaw, \.jaw))
    }
    // Opening and jaw tell the lag best; the width moves slowly.
    var best = rows.max { $0.opening + $0.jaw < $1.opening + $1.jaw }!
    let track = MouthModel.track(
        analysis, frameRate: info.frameRate, frameCount: frames[frames.count - 1] + 1,
        startSeconds: info.startSeconds - soundStartSeconds - Double(best.lagMilliseconds) / 1000)
    best.closures = ClosureScore(
        track: frames.map { track.opening[$0] }, real: real.map(\.opening), framesPerSecond: info.frameRate.value)
    let silent = track.speech.indices.filter { track.speech[$0] < 0.01 }
    if !silent.isEmpty {
        let atRest = silent.count { abs(track.opening[$0] - MouthTrackOptions().restOpening) < 0.02 }
        best.rest = Double(atRest) / Double(silent.count)
    }
    return best
}

/// How well the model foretells the real lips of a clip.
func measureModel(
    _ path: String, models: FaceModels, encoder: any SpeechEncoder, noise: Noise?
) throws -> Row {
    guard let audio = try MediaProbe.inspect(path).audio else { throw UnusableClip(path: path) }
    return try compare(
        path, to: speech(path, encoder: encoder, noise: noise), soundStartSeconds: audio.startSeconds, models: models)
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

var arguments = Array(CommandLine.arguments.dropFirst())
var rendered: (sound: String?, profile: EngineProfile, folder: String?)?
if arguments.count > 1, arguments[0] == "--rendered" {
    rendered = (arguments[1] == "own" ? nil : arguments[1], .mouthBank, nil)
    arguments.removeFirst(2)
    while arguments.count > 1, arguments[0] == "--model" || arguments[0] == "--keep" {
        if arguments[0] == "--keep" { rendered?.folder = arguments[1] }
        if arguments[0] == "--model" { rendered?.profile = EngineProfile(rawValue: arguments[1]) }
        arguments.removeFirst(2)
    }
}
var noise: Noise?
if arguments.count > 3, arguments[0] == "--noise", let decibels = Float(arguments[2]) {
    noise = Noise(samples: try samples(arguments[1]), decibels: decibels)
    arguments.removeFirst(3)
}
guard !arguments.isEmpty, let installation = Installation.find() else {
    print(
        "usage: LipsBenchmark [--noise SOUND DECIBELS | --spread | --rendered SOUND|own [--model NAME] [--keep FOLDER]] CLIP…"
            + " | --listen SOUND (after scripts/setup)")
    exit(2)
}
let models = try installation.loadFaceModels()
let encoder = try installation.loadSpeechEncoder()
if arguments.count == 2, arguments[0] == "--listen" {
    print(try ListeningMeasure(arguments[1], encoder: encoder).line)
    exit(0)
}
if arguments.count > 1, arguments[0] == "--spread" {
    var spread = SpreadMeasure()
    for path in arguments.dropFirst() { try spread.add(path, models: models, encoder: encoder) }
    spread.printTable()
    exit(0)
}
if let rendered {
    try RenderedBenchmark(
        models: models, encoder: encoder, sound: rendered.sound, profile: rendered.profile, folder: rendered.folder
    ).printTable(arguments)
    exit(0)
}
print("| clip | lag ms | opening | width | jaw | closures found | closures real | at rest |")
print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
func line(_ row: Row) -> String {
    func share(_ value: Double?) -> String { value.map { String(format: "%.2f", $0) } ?? "–" }
    let curves = String(
        format: "| %@ | %d | %.2f | %.2f | %.2f |", row.name, row.lagMilliseconds, row.opening, row.width, row.jaw)
    return curves
        + " \(share(row.closures?.recall)) | \(share(row.closures?.precision)) | \(share(row.rest)) |"
}
var rows: [Row] = []
for path in arguments {
    do {
        let row = try measureModel(path, models: models, encoder: encoder, noise: noise)
        rows.append(row)
        print(line(row))
    } catch {
        print("| \(path) | – | – | – | – | \(error)")
    }
}
func middle(of rows: [Row], _ value: (Row) -> Double?) -> String {
    String(format: "**%.2f**", median(rows.compactMap(value)))
}
print(
    "| **median** | | \(middle(of: rows, \.opening)) | \(middle(of: rows, \.width)) | \(middle(of: rows, \.jaw)) |"
        + " \(middle(of: rows, \.closures?.recall)) | \(middle(of: rows, \.closures?.precision)) |"
        + " \(middle(of: rows, \.rest)) |")
