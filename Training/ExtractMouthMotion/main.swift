// Reads talking clips, and speech of `lipsmith say`, for the training of the mouth network and writes what the trainer
// needs, one folder for each:
//
//     ExtractMouthMotion OUT CLIP…
//
// `sound.f32` holds 16 kHz mono samples as little-endian floats, `motion.json` the tracked mouth and the known phones.

import Face
import Foundation
import LipSync
import Media
import Rendering
import Speech

/// What is known about one clip.
struct ClipMotion: Codable {
    /// Moments of the tracked frames, in seconds of the sound.
    var seconds: [Double]
    /// Mouth widths relative to the shut, resting mouth; one value per moment.
    var opening: [Float]
    /// See `opening`.
    var width: [Float]
    /// See `opening`.
    var jaw: [Float]
    /// The phones of a sound that a synthesiser spoke; else empty.
    var phones: [TimedPhone]
    /// What the rule model makes of them (see `rules`); else empty.
    var rules: [[Float]]
}

func samples(_ path: String) throws -> [Float] {
    let reader = try AudioReader(path, sampleRate: 16_000, channelCount: 1)
    var samples: [Float] = []
    while let block = try reader.next() { samples += block.samples[0] }
    return samples
}

/// What the rule model makes of known phones, before it is stretched: opening, width and jaw per 10 ms, two values for each
/// output of the network.
func rules(_ phones: [TimedPhone], sampleCount: Int) -> [[Float]] {
    let series = MouthCurveSeries(phones: phones, count: 2 * (sampleCount / 320 + 1), padding: 0)
    return [series.opening, series.width, series.jaw]
}

/// The mouth of a clip's largest face.
func motion(_ path: String, models: FaceModels, into motion: inout ClipMotion) throws {
    let information = try MediaProbe.inspect(path)
    guard information.video != nil else { return }
    let reader = try VideoReader(path)
    guard let scene = try SpeakerScene(largestFaceIn: reader, models: models) else { return }
    let start = reader.info.startSeconds - (information.audio?.startSeconds ?? 0)
    motion.seconds = scene.frameNumbers.map { start + (Double($0) + 0.5) / reader.info.frameRate.value }
    motion.opening = scene.ownCurves.map(\.opening)
    motion.width = scene.ownCurves.map(\.width)
    motion.jaw = scene.ownCurves.map(\.jaw)
}

let arguments = CommandLine.arguments.dropFirst()
guard let out = arguments.first, arguments.count > 1 else {
    print("usage: ExtractMouthMotion OUT CLIP…")
    exit(2)
}
guard let installation = Installation.find() else { fatalError("run scripts/setup first") }
let models = try installation.loadFaceModels()
for path in arguments.dropFirst() {
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    do {
        let sound = try samples(path)
        let seconds = Double(sound.count) / 16_000
        let phones = EmbeddedPhones.read(path).map { TimedPhone.gapless($0, durationSeconds: seconds) } ?? []
        var content = ClipMotion(
            seconds: [], opening: [], width: [], jaw: [], phones: phones,
            rules: phones.isEmpty ? [] : rules(phones, sampleCount: sound.count))
        try motion(path, models: models, into: &content)
        let folder = URL(fileURLWithPath: out).appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try sound.withUnsafeBytes { try Data($0).write(to: folder.appendingPathComponent("sound.f32")) }
        try JSONEncoder().encode(content).write(to: folder.appendingPathComponent("motion.json"))
        print("\(name): \(sound.count / 16_000) s, \(content.seconds.count) frames, \(content.phones.count) phones")
    } catch {
        print("\(name): \(error)")
    }
}
