// What following faces costs in processor time, which other work on the machine changes little.
//
//     TrackingBenchmark CLIP [ROUNDS]
//
// Decodes up to 250 frames into memory, loads the networks, tracks the frames with a fresh tracker in every round and
// prints the smallest round in milliseconds a frame, and a sum over all points that shows whether results changed.

import Face
import Foundation
import LipSync
import Media

/// Processor time of the whole process, every thread of the runtime included.
func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

let arguments = CommandLine.arguments
guard arguments.count > 1, let installation = Installation.find() else {
    print("usage: TrackingBenchmark CLIP [ROUNDS] (after scripts/setup)")
    exit(2)
}
let rounds = arguments.count > 2 ? Int(arguments[2]) ?? 5 : 5
let reader = try VideoReader(arguments[1])
var frames: [VideoFrame] = []
while frames.count < 250, let frame = try reader.next() { frames.append(frame) }

let loadStart = processorSeconds()
let models = try installation.loadFaceModels()
let loadSeconds = processorSeconds() - loadStart

var best = Double.infinity
var sum = SIMD3<Double>.zero
for _ in 0..<max(rounds, 1) {
    let tracker = FaceTracker(models)
    sum = .zero
    var seconds = 0.0
    for frame in frames {
        // A frame just decoded lies in the processor's caches; so does a copy.
        let fresh = try frame.copy()
        let start = processorSeconds()
        let faces = try tracker.track(fresh).faces
        seconds += processorSeconds() - start
        for face in faces { for point in face.landmarks { sum += SIMD3<Double>(point) } }
    }
    best = min(best, seconds)
}
print(
    String(
        format: "%dx%d, %d frames: load %.0f ms, track %.3f ms a frame, points %.4f %.4f %.4f", frames[0].width,
        frames[0].height, frames.count, loadSeconds * 1000, best / Double(frames.count) * 1000, sum.x, sum.y, sum.z))
