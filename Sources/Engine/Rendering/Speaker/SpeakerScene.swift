package import Face
import Records

/// One speaker in one shot: the face's pose and the mouth's curves in every frame that shows it.
///
/// Everything that must not cross a cut (neutral shape, mouth pictures, smoothing) belongs to a scene. A row is one
/// frame of the scene. Lengths are in canonical units (the distance of the outer eye corners) unless said otherwise.
public struct SpeakerScene: Sendable {
    /// The number of the shot in the clip, from 0.
    public let shot: Int
    /// The face's identity in the clip (`FaceObservation.identity`).
    public let identity: Int
    /// For each row the number of the source frame; ascending, possibly with gaps.
    public private(set) var frameNumbers: [Int]
    /// For each row the mesh network's confidence, 0…1.
    public private(set) var confidences: [Float]
    /// For each row the filmed mouth, in mouth widths relative to `neutral`.
    public private(set) var ownCurves: [MouthCurves]
    /// The distance of the corners of the shut mouth.
    public let mouthWidth: Float
    /// The range of the speaker's curves, or the median speaker's where the mouth does not move.
    public let range: MouthRange

    private(set) var poses: [FacePose]
    /// The opening, width and jaw of the shut mouth as measured, in face units: what `ownCurves` are relative to.
    package let reference: MouthCurves
    /// The shut mouth: canonical places of `SpeakerPoints.mouthPoints`.
    let neutral: [SIMD3<Float>]
    /// The slow drift of the neutral shape with the head's pose, at every `driftInterval`th frame number: one offset
    /// for each point.
    private(set) var drift: [[SIMD3<Float>]]
    /// The source frame to which the first entry of `drift` belongs.
    private var driftStart: Int
    private var track: LandmarkTrack
    let framesPerSecond: Double

    /// Frames between two entries of `drift`, which changes over 1.5 s only.
    static let driftInterval = 8
    /// The mouth moves as in speech when the 5th and 95th percentile of its opening are at least this far apart, in
    /// mouth widths. The narrowest ranges of speakers are 0.11 (10th percentile, Lipsmith's speech-to-mouth study); the
    /// limit itself is unmeasured.
    private static let movingSpread: Float = 0.06
    /// The openings that the mesh reports for touching lips spread by about this much. Unmeasured.
    private static let shutSpread: Float = 0.006

    /// Whether the mouth moves as in speech.
    public var hasMovingMouth: Bool {
        let openings = ownCurves.map(\.opening).sorted()
        guard !openings.isEmpty else { return false }
        return openings[(openings.count - 1) * 19 / 20] - openings[openings.count / 20] >= Self.movingSpread
    }

    /// Builds a scene from raw tracks.
    ///
    /// - Parameters:
    ///   - frameNumbers: Ascending source frame numbers.
    ///   - track: The points (`SpeakerPoints.meshPoints`) of each frame as the mesh network gave them; smoothed here.
    ///   - confidences: One for each frame.
    ///   - isPartedAtRest: Whether lips that the mesh reports as shut are visibly apart, so that the neutral shape has
    ///     to be closed.
    public init(
        shot: Int, identity: Int, frameNumbers: [Int], track: consuming LandmarkTrack, confidences: [Float],
        framesPerSecond: Double, isPartedAtRest: Bool = false
    ) {
        self.shot = shot
        self.identity = identity
        self.frameNumbers = frameNumbers
        self.confidences = confidences
        driftStart = frameNumbers.first ?? 0
        self.framesPerSecond = framesPerSecond
        track.smooth(frameNumbers: frameNumbers, framesPerSecond: framesPerSecond)
        let smoothed = track
        self.track = smoothed
        let mean = SpeakerPoints.stable.map { MeanFace.points[SpeakerPoints.meshPoints[$0]] }
        let poses = frameNumbers.indices.map { row in
            FacePose(from: SpeakerPoints.stable.map { smoothed.point(row, $0) }, to: mean)
        }
        self.poses = poses
        let shapes = { (row: Int) in
            SpeakerPoints.mouth.map { poses[row].canonical(smoothed.point(row, $0)) }
        }
        let noseTip = SpeakerPoints.slots([Landmarks.noseTip])[0]
        let measures = frameNumbers.indices.map { row -> MouthCurves in
            let shape = shapes(row)
            let nose = poses[row].canonical(smoothed.point(row, noseTip))
            return Self.measure(shape, noseTip: nose)
        }
        let openings = measures.map(\.opening).sorted()
        let shutLimit = openings.isEmpty ? 0 : Self.shutLimit(sorted: openings)
        let shutRows = measures.indices.filter { measures[$0].opening <= shutLimit }
        let rest = Self.meanShape(of: shutRows, shapes)
        neutral = MouthShape.shut(rest, isParted: isPartedAtRest)
        let width = simdDistance(neutral[MouthIndex.rightCorner], neutral[MouthIndex.leftCorner])
        mouthWidth = width
        let restJaw = shutRows.isEmpty ? 0 : shutRows.map { measures[$0].jaw }.reduce(0, +) / Float(shutRows.count)
        let restOpening = neutral[MouthIndex.lowerMiddle].y - neutral[MouthIndex.upperMiddle].y
        reference = MouthCurves(opening: restOpening, width: width, jaw: restJaw)
        let reference = reference
        let own = measures.map { ($0 - reference) * (1 / max(width, 0.05)) }
        ownCurves = own
        range = MouthRange(of: own, framesPerSecond: framesPerSecond)
        drift = Self.slowDrift(
            frameNumbers, own, neutral: neutral, mouthWidth: width, framesPerSecond: framesPerSecond, shapes)
    }

    /// The opening up to which lips count as shut: the 15th percentile (Lipsmith's video study), but at most
    /// `shutSpread` over the 3rd percentile. Of a speaker without pauses, the 15 % hold frames that show teeth, and a
    /// mouth at rest would keep showing them.
    private static func shutLimit(sorted openings: [Float]) -> Float {
        func opening(_ share: Float) -> Float { openings[Int(Float(openings.count - 1) * share)] }
        return min(opening(0.15), opening(0.03) + shutSpread)
    }

    /// The scene with some of its rows, which count from 0 in the given order: what is drawn of each of them is what it was,
    /// also where neighbours are missing. What is asked of all rows (`hasMovingMouth`, `strength`) is to be asked before.
    ///
    /// - Parameters:
    ///   - rows: Ascending.
    ///   - driven: Those of them that get a new mouth.
    package func selecting(_ rows: [Int], driven: ClosedRange<Int>?) -> SpeakerScene {
        var selected = self
        selected.frameNumbers = rows.map { frameNumbers[$0] }
        selected.confidences = rows.map { confidences[$0] }
        selected.ownCurves = rows.map { ownCurves[$0] }
        selected.poses = rows.map { poses[$0] }
        selected.track = track.selecting(rows)
        guard let driven, !drift.isEmpty else { return selected }
        // Between two entries the drift is interpolated; behind the last one it stays.
        let first = min((frameNumbers[driven.lowerBound] - driftStart) / Self.driftInterval, drift.count - 1)
        let last = min((frameNumbers[driven.upperBound] - driftStart) / Self.driftInterval + 1, drift.count - 1)
        selected.drift = Array(drift[first...last])
        selected.driftStart = driftStart + first * Self.driftInterval
        return selected
    }

    /// The row of a source frame, or `nil` where the face is missing.
    public func row(ofFrame frame: Int) -> Int? {
        var low = 0
        var high = frameNumbers.count
        while low < high {
            let middle = (low + high) / 2
            if frameNumbers[middle] < frame { low = middle + 1 } else { high = middle }
        }
        return low < frameNumbers.count && frameNumbers[low] == frame ? low : nil
    }

    /// The pose of the face in a row.
    package func pose(_ row: Int) -> FacePose { poses[row] }

    /// The outer lips of the filmed mouth in a row, in pixels.
    package func outline(_ row: Int) -> [SIMD2<Float>] {
        MouthIndex.outline.map { picturePoint(row, SpeakerPoints.mouth[$0]) }
    }

    /// The point in a slot of a row, in pixels.
    @inline(__always)
    func picturePoint(_ row: Int, _ slot: Int) -> SIMD2<Float> {
        let point = track.point(row, slot)
        return SIMD2(point.x, point.y)
    }

    /// The point in a slot of a row, in canonical space.
    @inline(__always)
    func canonicalPoint(_ row: Int, _ slot: Int) -> SIMD3<Float> {
        poses[row].canonical(track.point(row, slot))
    }

    /// The filmed shape of the mouth in a row: canonical places of `SpeakerPoints.mouthPoints`.
    package func ownShape(_ row: Int) -> [SIMD3<Float>] { SpeakerPoints.mouth.map { canonicalPoint(row, $0) } }

    /// The same into an array whose memory is reused.
    func readOwnShape(_ row: Int, into shape: inout [SIMD3<Float>]) {
        shape.refill(SpeakerPoints.mouth) { canonicalPoint(row, $0) }
    }

    /// The shape of the mouth for wanted curves at the time of a row, with the drift of that time.
    ///
    /// - Parameter curves: In mouth widths relative to neutral.
    func shape(for curves: MouthCurves, row: Int) -> [SIMD3<Float>] {
        var shape: [SIMD3<Float>] = []
        readShape(for: curves, row: row, into: &shape)
        return shape
    }

    /// The same into an array whose memory is reused.
    func readShape(for curves: MouthCurves, row: Int, into shape: inout [SIMD3<Float>]) {
        let position = Float(frameNumbers[row] - driftStart) / Float(Self.driftInterval)
        let index = min(Int(position), drift.count - 1)
        let next = min(index + 1, drift.count - 1)
        let part = min(position - Float(index), 1)
        MouthShape.drive(neutral, curves, mouthWidth: mouthWidth, into: &shape) { point in
            drift[index][point] + (drift[next][point] - drift[index][point]) * part
        }
    }

    /// The share of the new mouth that may be shown in a row, 0…1: it fades over 0.12 s (at least 3 frames, as in the
    /// video study) next to frames without the face, and from 38 to 50° of yaw, where the far half of the mesh is a
    /// guess (the study proposes 30 to 40°, untested).
    func strength(_ row: Int) -> Float {
        let fadeFrames = max(3, Int((framesPerSecond * 0.12).rounded()))
        var steps = fadeFrames
        for offset in 1..<fadeFrames {
            let before = row - offset
            if before >= 0, frameNumbers[row] - frameNumbers[before] != offset { steps = min(steps, offset) }
            let after = row + offset
            if after < frameNumbers.count, frameNumbers[after] - frameNumbers[row] != offset {
                steps = min(steps, offset)
            }
        }
        let yaw = abs(poses[row].rotation.yawRadians) * 180 / .pi
        let turned = min(max((yaw - 38) / 12, 0), 1)
        return Float(steps) / Float(fadeFrames) * (1 - turned)
    }

    private static func measure(_ shape: [SIMD3<Float>], noseTip: SIMD3<Float>) -> MouthCurves {
        MouthCurves(
            opening: shape[MouthIndex.lowerMiddle].y - shape[MouthIndex.upperMiddle].y,
            width: simdDistance(shape[MouthIndex.rightCorner], shape[MouthIndex.leftCorner]),
            jaw: shape[SpeakerPoints.mouthIndex(Landmarks.chin)].y - noseTip.y)
    }

    private static func meanShape(of rows: [Int], _ shapes: (Int) -> [SIMD3<Float>]) -> [SIMD3<Float>] {
        var sum = [SIMD3<Float>](repeating: .zero, count: SpeakerPoints.mouth.count)
        for row in rows { for (index, point) in shapes(row).enumerated() { sum[index] += point } }
        return sum.map { $0 / Float(max(rows.count, 1)) }
    }

    /// The difference between the filmed shapes and those that the curves explain, averaged over 1.5 s (the window with
    /// which the shape basis was fitted, docs/face-shape.md).
    ///
    /// The mesh deforms a still mouth a little when the head turns; the slow average keeps that deformation and removes
    /// the speech that the curves do not explain.
    private static func slowDrift(
        _ frames: [Int], _ own: [MouthCurves], neutral: [SIMD3<Float>], mouthWidth: Float, framesPerSecond: Double,
        _ shapes: (Int) -> [SIMD3<Float>]
    ) -> [[SIMD3<Float>]] {
        guard let first = frames.first, let last = frames.last else { return [] }
        let binCount = (last - first) / driftInterval + 1
        var sums = [[SIMD3<Float>]](
            repeating: Array(repeating: .zero, count: neutral.count), count: binCount)
        var counts = [Float](repeating: 0, count: binCount)
        for row in frames.indices {
            let bin = (frames[row] - first) / driftInterval
            let driven = MouthShape.drive(neutral, own[row], mouthWidth: mouthWidth) { _ in .zero }
            for (index, point) in shapes(row).enumerated() { sums[bin][index] += point - driven[index] }
            counts[bin] += 1
        }
        let reach = max(1, Int((0.75 * framesPerSecond / Double(driftInterval)).rounded()))
        return (0..<binCount).map { bin in
            let window = max(0, bin - reach)...min(binCount - 1, bin + reach)
            let count = max(window.map { counts[$0] }.reduce(0, +), 1)
            return neutral.indices.map { index in window.reduce(SIMD3.zero) { $0 + sums[$1][index] } / count }
        }
    }
}

extension SpeakerScene: Codable {
    private enum CodingKeys: CodingKey {
        case shot, identity, frameNumbers, confidences, ownCurves, mouthWidth, range, poses, reference, neutral, drift
        case driftStart, track, framesPerSecond
    }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        shot = try members.decode(Int.self, forKey: .shot)
        identity = try members.decode(Int.self, forKey: .identity)
        frameNumbers = try members.decodePacked(Int.self, forKey: .frameNumbers)
        confidences = try members.decodePacked(Float.self, forKey: .confidences)
        ownCurves = try members.decodePacked(MouthCurves.self, forKey: .ownCurves)
        mouthWidth = try members.decode(Float.self, forKey: .mouthWidth)
        range = try members.decode(MouthRange.self, forKey: .range)
        poses = try members.decodePacked(FacePose.self, forKey: .poses)
        reference = try members.decode(MouthCurves.self, forKey: .reference)
        let neutral = try members.decodePacked(SIMD3<Float>.self, forKey: .neutral)
        self.neutral = neutral
        let offsets = try members.decodePacked(SIMD3<Float>.self, forKey: .drift)
        driftStart = try members.decode(Int.self, forKey: .driftStart)
        track = try members.decode(LandmarkTrack.self, forKey: .track)
        framesPerSecond = try members.decode(Double.self, forKey: .framesPerSecond)
        let rows = frameNumbers.count
        guard [confidences.count, ownCurves.count, poses.count, track.count].allSatisfy({ $0 == rows }),
            neutral.count == SpeakerPoints.mouth.count, offsets.count % neutral.count == 0
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .frameNumbers, in: members, debugDescription: "a scene of \(rows) rows that does not fit")
        }
        drift = stride(from: 0, to: offsets.count, by: neutral.count).map { Array(offsets[$0..<$0 + neutral.count]) }
    }

    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(shot, forKey: .shot)
        try members.encode(identity, forKey: .identity)
        try members.encodePacked(frameNumbers, forKey: .frameNumbers)
        try members.encodePacked(confidences, forKey: .confidences)
        try members.encodePacked(ownCurves, forKey: .ownCurves)
        try members.encode(mouthWidth, forKey: .mouthWidth)
        try members.encode(range, forKey: .range)
        try members.encodePacked(poses, forKey: .poses)
        try members.encode(reference, forKey: .reference)
        try members.encodePacked(neutral, forKey: .neutral)
        try members.encodePacked(drift.flatMap { $0 }, forKey: .drift)
        try members.encode(driftStart, forKey: .driftStart)
        try members.encode(track, forKey: .track)
        try members.encode(framesPerSecond, forKey: .framesPerSecond)
    }
}
