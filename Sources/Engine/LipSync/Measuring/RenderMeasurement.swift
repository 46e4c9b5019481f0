import Face
import Media
import Rendering
import Speech

/// Everything that is measured of one output, from the choice of frames to the report.
///
/// What fails while it is measured is left out: a video without its report is a video still.
final class RenderMeasurement: Sendable {
    private let frames: MeasuredFrames
    private let measuring: FrameMeasuring
    private let stills: OutputStills
    private let encoded: EncodedComparison?
    private let isFilmed: Bool
    private let faces: FrameMeasuring.Faces
    /// Whether anything is drawn into an output frame, also where a mouth comes or goes and is not measured.
    private let isDrawn: @Sendable (_ index: Int) -> Bool
    private let wanted: WantedLips
    private let scales: [LipScale]
    private let filmedShutGaps: [Float?]
    private let clock = BusyClock()

    /// - Parameters:
    ///   - gapFrames: Output frames of which small pictures are kept besides.
    ///   - scales: One for each scene that `faces` names.
    ///   - filmedShutGaps: Likewise, of filmed mouths that move.
    ///   - isFilmed: Whether frames are drawn into a clip.
    ///   - isDrawn: Whether anything is drawn into an output frame.
    ///   - faces: What is drawn whole in an output frame.
    init(
        wanted: WantedLips, gapFrames: [Int], scales: [LipScale], filmedShutGaps: [Float?], isFilmed: Bool,
        models: FaceModels, isDrawn: @escaping @Sendable (_ index: Int) -> Bool = { _ in true },
        faces: @escaping FrameMeasuring.Faces
    ) {
        let count = wanted.opening.count
        frames = MeasuredFrames(
            frameCount: count, closures: wanted.closures.map(\.frame),
            neighbours: wanted.closures.compactMap(\.neighbour))
        measuring = FrameMeasuring(frames, models: models, faces: faces)
        stills = OutputStills(
            frameCount: count, framesPerSecond: wanted.framesPerSecond, gapFrames: gapFrames)
        // A photo's frames are drawn anew as a whole.
        encoded = isFilmed ? EncodedComparison(frameCount: count) : nil
        self.isFilmed = isFilmed
        self.faces = faces
        self.isDrawn = isDrawn
        self.wanted = wanted
        self.scales = scales
        self.filmedShutGaps = filmedShutGaps
    }

    /// Draws a frame of a clip by `draw` and takes from it what is wanted.
    ///
    /// - Parameter frame: The source frame, which `draw` draws into.
    func draw(_ index: Int, into frame: VideoFrame, _ draw: () throws -> Void) throws {
        if let encoded, encoded.wants(index) {
            clock.measure {
                let face = faces(index)
                // Where a mouth comes or goes, part of the frame is drawn and nobody says which.
                if face != nil || !isDrawn(index) { encoded.keep(index, frame, face?.filmed) }
            }
        }
        try measuring.draw(index, into: frame, draw)
        clock.measure { stills.take(index, frame) }
    }

    /// Takes from a finished frame of an animation what is wanted.
    func look(_ index: Int, at frame: VideoFrame) {
        measuring.look(index, at: frame)
        clock.measure { stills.take(index, frame) }
    }

    /// What a report tells, once the output is written.
    struct Outcome {
        var measures: RenderReport.Measures
        var curves: RenderReport.Curves
        var sound: RenderReport.Sound?
        var thumbnails: [RenderReport.Still]
        /// The small picture of an output frame.
        var picture: (Int) -> String?
        /// Seconds that all of it took, on all threads together.
        var seconds: Double
    }

    /// Puts everything together.
    ///
    /// - Parameters:
    ///   - path: The written output.
    ///   - sound: Of the output; `nil` for a silent file.
    func outcome(
        ofFile path: String, sound: SoundMeasuring?, speech: [SpeechAnalysis]
    ) -> Outcome {
        let comparison = clock.measure { encoded?.psnrDecibels(ofFile: path) }
        let (measures, curves) = clock.measure {
            let summary = MeasureSummary(
                wanted: wanted, results: measuring.results, pairs: frames.pairs, scales: scales,
                filmedShutGaps: filmedShutGaps, silentWindows: sound?.silentWindows ?? [],
                // A photo may rest in a smile.
                restsShut: isFilmed)
            return (summary.measures(encoded: comparison), summary.curves())
        }
        return Outcome(
            measures: measures, curves: curves,
            sound: sound.map { $0.report(speechShare: wanted.speechShare, speech: speech) },
            thumbnails: stills.stills(framesPerSecond: wanted.framesPerSecond), picture: stills.picture,
            seconds: clock.seconds + measuring.seconds)
    }
}

extension RenderMeasurement {
    /// Measures a clip's new lips.
    ///
    /// - Parameters:
    ///   - tracks: One for each of the plan's parts; `speech` likewise.
    convenience init(
        _ scenes: SceneSet, timeline: OutputTimeline, tracks: [MouthTrack], speech: [SpeechAnalysis],
        framesPerSecond: Double, gapFrames: [Int], models: FaceModels
    ) {
        var wanted = WantedLips(frameCount: timeline.frameCount, framesPerSecond: framesPerSecond)
        for piece in timeline.pieces {
            guard let part = piece.part else { continue }
            let phones = speech[part].phonesAreExact ? speech[part].phones : []
            wanted.add(tracks[part], firstFrame: piece.firstFrame, phones: phones)
        }
        let speakers = scenes.scenes.map(\.speaker)
        self.init(
            wanted: wanted, gapFrames: gapFrames, scales: speakers.map(LipScale.init),
            filmedShutGaps: speakers.map { speaker in
                guard speaker.hasMovingMouth else { return nil }
                let openings = speaker.ownCurves.map(\.opening).sorted()
                return CurveStatistics.percentile(openings, 0.05) * speaker.mouthWidth + speaker.reference.opening
            },
            isFilmed: true,
            models: models, isDrawn: { (scenes.instructions[$0]?.instruction.strength ?? 0) > 0 }
        ) { index in
            guard let (number, instruction) = scenes.instructions[index], instruction.strength > 0.99 else {
                return nil
            }
            let speaker = scenes.scenes[number].speaker
            let expresses = timeline.piece(at: index).part.map { scenes.expressions[$0] != nil } ?? false
            return MeasuredFace(
                scene: number,
                place: .filmed(
                    .init(
                        pose: speaker.pose(instruction.row), outline: speaker.outline(instruction.row),
                        isConfined: !expresses)))
        }
    }

    /// Measures the lips of photos that speak.
    convenience init(_ scene: PortraitScene, soundStartSeconds: Double, phones: [TimedPhone], models: FaceModels) {
        let framesPerSecond = scene.framesPerSecond
        var wanted = WantedLips(frameCount: scene.frameCount, framesPerSecond: framesPerSecond)
        wanted.add(scene.poses.track, firstFrame: 0, soundStartSeconds: soundStartSeconds, phones: phones)
        self.init(
            wanted: wanted, gapFrames: [], scales: scene.stills.indices.map(scene.lipScale),
            filmedShutGaps: scene.stills.map { _ in nil }, isFilmed: false, models: models
        ) { index in
            let (picture, share) = scene.timeline.picture(atSeconds: scene.seconds(at: index))
            // Between two pictures there is no face that one could compare with.
            guard share == 0, let landmarks = scene.stills[picture].landmarks else { return nil }
            return MeasuredFace(scene: picture, place: .still(scene.shown(landmarks, at: index)))
        }
    }
}

extension PortraitScene {
    /// The lengths of a picture's own mouth, as the mesh reads them.
    fileprivate func lipScale(_ picture: Int) -> LipScale {
        guard let portrait = portraits[picture] else {
            return LipScale(shutGap: 0, restSpan: 0, mouthWidth: 1, range: .median)
        }
        // What shut lips look like to the mesh is read off the drawn frames.
        return LipScale(
            shutGap: 0, restSpan: portrait.mouthWidthUnits, mouthWidth: portrait.mouthWidthUnits, range: .median)
    }

    /// Where points of the still are shown in a frame, in pixels; the head's own motion is not followed.
    fileprivate func shown(_ points: [SIMD3<Float>], at index: Int) -> [SIMD3<Float>] {
        let camera = camera(at: index)
        return points.map { point in
            let place = camera.place(SIMD2(point.x, point.y))
            return SIMD3(place.x, place.y, point.z)
        }
    }
}
