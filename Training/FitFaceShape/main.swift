// Fits the two tables that the engine's geometry rests on and writes them as Swift source:
//
//     FitFaceShape <folder of the repository> <speaker>=<clip>,<clip>… …
//
// MeanFace: the symmetric frontal mean of the mesh over the speakers. MouthShapeBasis: how lips and jaw move when the
// mouth opens, widens and the jaw drops. See docs/face-shape.md for the footage and its licences.

import Face
import Foundation
import LipSync
import Media
import Rendering

/// Frames used of one speaker, spread over the clips.
let framesPerSpeaker = 900

struct Speaker {
    var name: String
    /// For each clip: rate and the 468 points of each frame with a face.
    var clips: [(framesPerSecond: Double, meshes: [[SIMD3<Float>]])]
}

func track(_ path: String, models: FaceModels) throws -> (framesPerSecond: Double, meshes: [[SIMD3<Float>]]) {
    let reader = try VideoReader(path)
    let tracker = FaceTracker(models)
    var meshes: [[SIMD3<Float>]] = []
    while meshes.count < framesPerSpeaker, let frame = try reader.next() {
        let faces = try tracker.track(frame).faces
        if let largest = faces.max(by: { $0.box.area < $1.box.area }) { meshes.append(largest.landmarks) }
    }
    return (reader.info.frameRate.value, meshes)
}

let arguments = CommandLine.arguments.dropFirst()
guard let root = arguments.first, arguments.count > 1 else {
    print("usage: FitFaceShape REPOSITORY SPEAKER=CLIP,CLIP… …")
    exit(2)
}
guard let installation = Installation.find() else { fatalError("run scripts/setup first") }
let models = try installation.loadFaceModels()
let speakers = try arguments.dropFirst().map { argument -> Speaker in
    let parts = argument.split(separator: "=", maxSplits: 1)
    let clips = try parts[1].split(separator: ",").map { try track(String($0), models: models) }
    print("\(parts[0]): \(clips.map(\.meshes.count).reduce(0, +)) frames")
    return Speaker(name: String(parts[0]), clips: clips)
}

switch ProcessInfo.processInfo.environment["STEP"] {
case "basis": try fitBasis(speakers, root: root)
default: try fitMeanFace(speakers, root: root)
}
