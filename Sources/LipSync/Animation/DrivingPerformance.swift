import Face
import Foundation
import Media
import Rendering

/// What the face of a driving video does: head, expression, lids and lips, frame by frame, as a still can take it over.
struct DrivingPerformance: Sendable {
    /// Longer videos are read up to here and then played back and forth.
    static let longestSeconds = 600.0
    private static let queuedFrames = 6
    /// Displacements are kept as whole numbers of this many face units.
    private static let quantum: Float = 1.0 / 8192
    /// Lids that are open at least this much of their usual height count as open.
    private static let lidDeadZone: Float = 0.15

    let framesPerSecond: Double
    let frameCount: Int
    /// Whether the video has a sound track.
    let hasSound: Bool
    private(set) var warnings: [RenderReport.Warning] = []

    /// The width of the driver's resting mouth in face units.
    let mouthWidth: Float
    private let turns: [HeadTurn]
    private let lids: [SIMD2<Float>]
    /// 468 × 3 values a frame: the way from the driver's own resting face, in quanta.
    private let displacements: [Int16]

    var durationSeconds: Double { Double(frameCount) / framesPerSecond }

    /// Reads a driving video.
    ///
    /// - Throws: `MediaError`, `InferenceError`, `RenderFailure` of code `noFaceFound` or `cancelled`.
    init(_ path: String, models: FaceModels, cancellation: Cancellation) throws {
        let clip = try SourceClip(path)
        framesPerSecond = clip.info.frameRate.value
        hasSound = clip.openSound() != nil
        let seen = try Self.track(clip, models, cancellation)
        guard let firstFace = seen.firstIndex(where: { $0 != nil }), seen.count > 0 else {
            throw RenderFailure(
                .noFaceFound, message: "No face was found in the driving video.",
                suggestion: "Use a driving video in which one face looks towards the camera.")
        }
        frameCount = seen.count
        let missing = seen.count { $0 == nil }
        if missing > 0 {
            warnings.append(
                .init(
                    code: "drive_frames_without_face",
                    message:
                        "\(missing) of \(seen.count) frames of the driving video show no face; the last pose is held."
                ))
        }
        var last = seen[firstFace]!
        let filled = seen.map { points -> [SIMD3<Float>] in
            last = points ?? last
            return last
        }
        var values = filled.flatMap { $0.flatMap { [$0.x, $0.y, $0.z] } }
        LandmarkSmoother.smooth(&values, rowLength: 468 * 3, framesPerSecond: framesPerSecond)
        let smooth = filled.indices.map { frame in
            (0..<468).map { point -> SIMD3<Float> in
                let at = (frame * 468 + point) * 3
                return SIMD3(values[at], values[at + 1], values[at + 2])
            }
        }
        let poses = smooth.map { FacePose(of: $0) }
        let shapes = zip(smooth, poses).map { points, pose in points.map { pose.canonical($0) } }
        let neutral = Self.neutral(shapes)
        let corners = neutral[Landmarks.leftCorner] - neutral[Landmarks.rightCorner]
        mouthWidth = (corners * corners).sum().squareRoot()
        turns = Self.turns(poses)
        lids = Self.lids(shapes)
        displacements = shapes.flatMap { shape in
            zip(shape, neutral).flatMap { point, rest -> [Int16] in
                let d = (point - rest) / Self.quantum
                return [d.x, d.y, d.z].map { Int16(min(max($0, -32000), 32000)) }
            }
        }
    }

    /// The landmarks of the largest face of each frame that goes on; `nil` where it is not seen.
    private static func track(
        _ clip: SourceClip, _ models: FaceModels, _ cancellation: Cancellation
    ) throws -> [[SIMD3<Float>]?] {
        let queue = BoundedQueue<VideoFrame>(capacity: queuedFrames)
        let group = ThreadGroup { queue.close() }
        let most = Int(longestSeconds * clip.info.frameRate.value)
        group.start("decode") {
            var number = 0
            while number < most, let frame = try clip.reader.next() {
                try cancellation.check()
                guard queue.put(frame, number: number) else { return }
                number += 1
            }
            queue.close()
        }
        var seen: [[SIMD3<Float>]?] = []
        do {
            let tracker = FaceTracker(models)
            var identity: Int?
            while let (_, frame) = queue.take() {
                let faces = try tracker.track(frame).faces
                let same = faces.first { $0.identity == identity }
                let chosen = same ?? faces.max { $0.box.area < $1.box.area }
                identity = chosen?.identity ?? identity
                seen.append(chosen?.landmarks)
            }
        } catch {
            group.fail(error)
        }
        try group.wait()
        return seen
    }

    /// The mean of the frames in which the mouth is most nearly shut.
    private static func neutral(_ shapes: [[SIMD3<Float>]]) -> [SIMD3<Float>] {
        func opening(_ shape: [SIMD3<Float>]) -> Float {
            shape[Landmarks.lowerLipMiddle].y - shape[Landmarks.upperLipMiddle].y
        }
        let sorted = shapes.indices.sorted { opening(shapes[$0]) < opening(shapes[$1]) }
        let used = sorted.prefix(max(1, shapes.count * 15 / 100))
        return shapes[0].indices.map { point in
            used.reduce(SIMD3.zero) { $0 + shapes[$1][point] } / Float(used.count)
        }
    }

    /// Head turns around their own mean, so that the limits of a still are used evenly.
    private static func turns(_ poses: [FacePose]) -> [HeadTurn] {
        let raw = poses.map {
            HeadTurn(
                yawRadians: $0.rotation.yawRadians, pitchRadians: $0.rotation.pitchRadians,
                rollRadians: $0.rotation.rollRadians)
        }
        let count = Float(raw.count)
        let mean = HeadTurn(
            yawRadians: raw.reduce(0) { $0 + $1.yawRadians } / count,
            pitchRadians: raw.reduce(0) { $0 + $1.pitchRadians } / count,
            rollRadians: raw.reduce(0) { $0 + $1.rollRadians } / count)
        return raw.map {
            HeadTurn(
                yawRadians: $0.yawRadians - mean.yawRadians, pitchRadians: $0.pitchRadians - mean.pitchRadians,
                rollRadians: $0.rollRadians - mean.rollRadians)
        }
    }

    private static func lids(_ shapes: [[SIMD3<Float>]]) -> [SIMD2<Float>] {
        let apertures = shapes.map { SIMD2($0[145].y - $0[159].y, $0[374].y - $0[386].y) }
        func usual(_ side: Int) -> Float {
            let sorted = apertures.map { $0[side] }.sorted()
            return max(sorted[(sorted.count - 1) * 8 / 10], 1e-3)
        }
        let open = SIMD2(usual(0), usual(1))
        return apertures.map { aperture in
            let closed = ((1 - aperture / open) - lidDeadZone) / (1 - lidDeadZone)
            return SIMD2(min(max(closed.x, 0), 1), min(max(closed.y, 0), 1))
        }
    }

    // MARK: Playing

    /// What the driver does at a time; beyond its end the video is played back and forth.
    struct Moment {
        var turn: HeadTurn
        var lids: SIMD2<Float>
        /// The way of each of the 468 points from rest, in face units of the driver.
        var displacements: [SIMD3<Float>]
    }

    /// The moment at a time of the output.
    func moment(atSeconds seconds: Double) -> Moment {
        let last = Double(frameCount - 1)
        var position = seconds * framesPerSecond
        if last > 0 {
            position = position.truncatingRemainder(dividingBy: 2 * last)
            if position > last { position = 2 * last - position }
        } else {
            position = 0
        }
        let index = min(Int(position), frameCount - 1)
        let next = min(index + 1, frameCount - 1)
        let t = Float(position - Double(index))
        let points = (0..<468).map { point -> SIMD3<Float> in
            let (a, b) = (displacement(index, point), displacement(next, point))
            return a + (b - a) * t
        }
        return Moment(
            turn: turns[index].mixed(with: turns[next], share: t), lids: lids[index] + (lids[next] - lids[index]) * t,
            displacements: points)
    }

    private func displacement(_ frame: Int, _ point: Int) -> SIMD3<Float> {
        let at = (frame * 468 + point) * 3
        return SIMD3(Float(displacements[at]), Float(displacements[at + 1]), Float(displacements[at + 2]))
            * Self.quantum
    }
}
