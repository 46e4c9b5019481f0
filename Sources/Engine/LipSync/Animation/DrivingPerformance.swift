import Face
import Foundation
import Media
import Rendering

/// What the face of a driving video does: head, expression, lids and lips, frame by frame, as a still can take it over.
struct DrivingPerformance: Sendable {
    /// About 6 KB each.
    private static let mostFrames = 20_000
    /// Points of the mesh.
    private static let pointCount = 468
    /// Displacements are kept as whole numbers of this many face units.
    private static let quantum: Float = 1.0 / 8192
    /// Lids that have come down by less than this share of their usual height count as open.
    private static let lidDeadZone: Float = 0.15
    /// The mesh never sees lids quite shut: what it leaves open of a blink, at least, and where no blink is seen.
    private static let leastShutShare: Float = 0.25
    private static let usualShutShare: Float = 0.45
    /// Lids that have come down to this share of their usual height, in some frames, blink.
    private static let blinkShare: Float = 0.65

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
    /// - Parameter direction: That of the figure that shall look where the driver looks; `nil` for one that keeps its own.
    /// - Throws: `MediaError`, `InferenceError`, `RenderFailure` of code `driveWithoutFace` or `cancelled`.
    init(_ path: String, from direction: HeadTurn?, models: FaceModels, cancellation: Cancellation) throws {
        let clip = try SourceClip(path)
        framesPerSecond = clip.info.frameRate.value
        hasSound = clip.openSound() != nil
        let (track, missing) = try Self.track(clip, models, cancellation)
        frameCount = track.count
        if missing > 0 {
            warnings.append(
                .init(
                    code: "drive_frames_without_face",
                    message:
                        "\(missing) of \(frameCount) frames of the driving video show no face; the last pose is held."
                ))
        }
        warnings += SourceWarnings.of(clip, endFrame: nil, damagedPacketCount: clip.reader.damagedPacketCount)
        if clip.info.durationSeconds > Double(frameCount) / framesPerSecond + 1 {
            warnings.append(
                .init(
                    code: "drive_cut",
                    message:
                        "Only the first \(Int(Double(frameCount) / framesPerSecond)) s of the driving video are used."))
        }
        let poses = (0..<frameCount).map { FacePose(of: Self.points(track, $0)) }
        func shape(_ frame: Int) -> [SIMD3<Float>] {
            Self.points(track, frame).map { poses[frame].canonical($0) }
        }
        let neutral = Self.neutral(frameCount: frameCount, shape)
        let corners = neutral[Landmarks.leftCorner] - neutral[Landmarks.rightCorner]
        mouthWidth = (corners * corners).sum().squareRoot()
        turns = Self.turns(poses, from: direction)
        var apertures: [SIMD2<Float>] = []
        var displacements: [Int16] = []
        displacements.reserveCapacity(frameCount * Self.pointCount * 3)
        for frame in 0..<frameCount {
            let shape = shape(frame)
            apertures.append(SIMD2(shape[145].y - shape[159].y, shape[374].y - shape[386].y))
            for (point, rest) in zip(shape, neutral) {
                let d = (point - rest) / Self.quantum
                for axis in 0..<3 { displacements.append(Int16(min(max(d[axis], -32000), 32000))) }
            }
        }
        self.displacements = displacements
        lids = Self.lids(apertures)
    }

    private static func points(_ track: LandmarkTrack, _ row: Int) -> [SIMD3<Float>] {
        (0..<pointCount).map { track.point(row, $0) }
    }

    /// The smoothed landmarks of the largest face that goes on, with the last one held where it is not seen, and the
    /// number of those frames.
    private static func track(
        _ clip: SourceClip, _ models: FaceModels, _ cancellation: Cancellation
    ) throws -> (LandmarkTrack, missing: Int) {
        var found = try track(clip, models, searchesTiles: false, cancellation)
        if found == nil, FaceTracker.findsMoreInTiles(clip.info.width, clip.info.height) {
            try clip.reader.seek(toFrame: 0)
            found = try track(clip, models, searchesTiles: true, cancellation)
        }
        guard let found else {
            throw RenderFailure(
                .driveWithoutFace, message: "No face was found in the driving video.",
                suggestion: "Use a driving video in which one face looks towards the camera.")
        }
        return found
    }

    /// Likewise; `nil` where no face is seen.
    private static func track(
        _ clip: SourceClip, _ models: FaceModels, searchesTiles: Bool, _ cancellation: Cancellation
    ) throws -> (LandmarkTrack, missing: Int)? {
        let most = min(Int(EngineLimits.driveSeconds * clip.info.frameRate.value), mostFrames)
        var track = LandmarkTrack(
            pictureSide: max(clip.info.width, clip.info.height), points: Array(0..<pointCount))
        var missing = 0
        var identity: Int?
        var last: [SIMD3<Float>]?
        try FramePipeline(cancellation: cancellation).run(
            source: { $0 < most ? try clip.reader.next() : nil },
            makeTransform: {
                let tracker = FaceTracker(models, searchesTiles: searchesTiles)
                return { _, frame in try tracker.track(frame).faces }
            },
            sink: { _, faces in
                let chosen = faces.first { $0.identity == identity } ?? faces.max { $0.box.area < $1.box.area }
                identity = chosen?.identity ?? identity
                if chosen == nil { missing += 1 }
                // Frames before the first face show that face.
                if last == nil, let first = chosen?.landmarks { for _ in 0..<missing { track.append(first) } }
                last = chosen?.landmarks ?? last
                if let last { track.append(last) }
            })
        guard track.count > 0 else { return nil }
        track.smooth(frameNumbers: Array(0..<track.count), framesPerSecond: clip.info.frameRate.value)
        return (track, missing)
    }

    /// The mean of the frames in which the mouth is most nearly shut.
    private static func neutral(frameCount: Int, _ shape: (Int) -> [SIMD3<Float>]) -> [SIMD3<Float>] {
        let openings = (0..<frameCount).map { frame -> Float in
            let shape = shape(frame)
            return shape[Landmarks.lowerLipMiddle].y - shape[Landmarks.upperLipMiddle].y
        }
        let sorted = openings.indices.sorted { openings[$0] < openings[$1] }
        let used = sorted.prefix(max(1, frameCount * 15 / 100))
        var sum = [SIMD3<Float>](repeating: .zero, count: pointCount)
        for frame in used { for (point, place) in shape(frame).enumerated() { sum[point] += place } }
        return sum.map { $0 / Float(used.count) }
    }

    /// Head turns around their own mean, so that the limits of a still are used evenly, or away from a direction.
    private static func turns(_ poses: [FacePose], from direction: HeadTurn?) -> [HeadTurn] {
        var raw = poses.map(HeadTurn.init)
        // A tilt counts on across half a turn.
        func near(_ angle: Float, _ other: Float) -> Float { other + (angle - other).remainder(dividingBy: 2 * .pi) }
        for frame in raw.indices.dropFirst() {
            raw[frame].rollRadians = near(raw[frame].rollRadians, raw[frame - 1].rollRadians)
        }
        let count = Float(raw.count)
        let mean = HeadTurn(
            yawRadians: raw.reduce(0) { $0 + $1.yawRadians } / count,
            pitchRadians: raw.reduce(0) { $0 + $1.pitchRadians } / count,
            rollRadians: raw.reduce(0) { $0 + $1.rollRadians } / count)
        let middle = direction ?? mean
        return raw.map {
            HeadTurn(
                yawRadians: $0.yawRadians - middle.yawRadians, pitchRadians: $0.pitchRadians - middle.pitchRadians,
                rollRadians: direction == nil
                    ? $0.rollRadians - middle.rollRadians : near($0.rollRadians - middle.rollRadians, 0))
        }
    }

    private static func lids(_ apertures: [SIMD2<Float>]) -> [SIMD2<Float>] {
        func usual(_ side: Int) -> Float {
            let sorted = apertures.map { $0[side] }.sorted()
            return max(sorted[(sorted.count - 1) * 8 / 10], 1e-3)
        }
        let open = SIMD2(usual(0), usual(1))
        /// The share of the usual height that is left when the lids are shut.
        func shut(_ side: Int) -> Float {
            let sorted = apertures.map { $0[side] / open[side] }.sorted()
            let least = sorted[sorted.count / 50]
            return least < blinkShare ? max(least, leastShutShare) : usualShutShare
        }
        let range = 1 - SIMD2(shut(0), shut(1)) - lidDeadZone
        return apertures.map { aperture in
            let closed = ((1 - aperture / open) - lidDeadZone) / range
            // Eyes that are narrowed a little stay open: lids painted half down look sleepy.
            return SIMD2(smoothStep(0, 1, closed.x), smoothStep(0, 1, closed.y))
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
        let points = (0..<Self.pointCount).map { point -> SIMD3<Float> in
            let (a, b) = (displacement(index, point), displacement(next, point))
            return a + (b - a) * t
        }
        return Moment(
            turn: turns[index].mixed(with: turns[next], share: t), lids: lids[index] + (lids[next] - lids[index]) * t,
            displacements: points)
    }

    private func displacement(_ frame: Int, _ point: Int) -> SIMD3<Float> {
        let at = (frame * Self.pointCount + point) * 3
        return SIMD3(Float(displacements[at]), Float(displacements[at + 1]), Float(displacements[at + 2]))
            * Self.quantum
    }
}

extension HeadTurn {
    /// How a head is turned in a picture.
    init(_ pose: FacePose) {
        self.init(
            yawRadians: pose.rotation.yawRadians, pitchRadians: pose.rotation.pitchRadians,
            rollRadians: pose.rotation.rollRadians)
    }
}
