import Face
import Rendering
import Speech

/// What of an output is measured and by which scales: settled before it is drawn, from which the report is made afterwards.
struct MeasurePlan: Codable, Sendable {
    /// Output frames that are looked at.
    struct Frames: Codable, Sendable {
        /// Those in which the lips are read back.
        var read: [Int]
        /// Those of which small pictures are made.
        var shown: [Int]
        /// Those whose surroundings are compared with the encoded picture.
        var compared: [Int]

        /// Those of a range.
        func within(_ range: Range<Int>) -> Frames {
            Frames(
                read: read.filter(range.contains), shown: shown.filter(range.contains),
                compared: compared.filter(range.contains))
        }
    }

    private let wanted: WantedLips
    /// Output frames of which small pictures are kept besides.
    private let gapFrames: [Int]
    /// One for each scene.
    private let scales: [LipScale]
    /// Likewise, of filmed mouths that move.
    private let filmedShutGaps: [Float?]
    /// Whether frames are drawn into a clip.
    private let isFilmed: Bool

    private var measured: MeasuredFrames {
        MeasuredFrames(
            frameCount: wanted.opening.count, closures: wanted.closures.map(\.frame),
            neighbours: wanted.closures.compactMap(\.neighbour))
    }

    private var steps: [Int] {
        OutputStills.steps(frameCount: wanted.opening.count, framesPerSecond: wanted.framesPerSecond)
    }

    /// The frames that are looked at.
    var frames: Frames {
        Frames(
            read: measured.frames, shown: Set(steps + OutputStills.gaps(gapFrames)).sorted(),
            // A photo's frames are drawn anew as a whole.
            compared: isFilmed ? EncodedComparison.frames(of: wanted.opening.count) : [])
    }

    /// The share of the output's frames with speech.
    var speechShare: Double { wanted.speechShare }

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

    /// What the sound of an output told.
    struct Heard: Codable, Sendable {
        var report: RenderReport.Sound
        /// Whether each hundredth of a second is silent.
        var silentWindows: [Bool]
    }

    /// What was measured of an output's sound.
    func heard(_ sound: SoundMeasuring, speech: [SpeechAnalysis]) -> Heard {
        Heard(report: sound.report(speechShare: speechShare, speech: speech), silentWindows: sound.silentWindows)
    }

    /// Puts everything together.
    ///
    /// - Parameters:
    ///   - path: The written output.
    ///   - heard: Of its sound; `nil` for a silent file.
    func outcome(_ readings: RenderMeasurement.Readings, ofFile path: String, heard: Heard?) -> Outcome {
        let clock = BusyClock()
        let comparison = clock.measure { EncodedComparison.psnrDecibels(readings.compared, ofFile: path) }
        let (measures, curves) = clock.measure {
            let summary = MeasureSummary(
                wanted: wanted, results: readings.results, pairs: measured.pairs, scales: scales,
                filmedShutGaps: filmedShutGaps, silentWindows: heard?.silentWindows ?? [],
                // A photo may rest in a smile.
                restsShut: isFilmed)
            return (summary.measures(encoded: comparison), summary.curves())
        }
        let pictures = readings.pictures
        return Outcome(
            measures: measures, curves: curves, sound: heard?.report,
            thumbnails: steps.compactMap { index in
                pictures[index].map {
                    .init(
                        frame: index, seconds: (Double(index) / wanted.framesPerSecond).rounded(toPlaces: 3),
                        picture: $0)
                }
            }, picture: { pictures[$0] }, seconds: readings.seconds + clock.seconds)
    }
}

extension MeasurePlan {
    /// Of a clip's new lips.
    ///
    /// - Parameter speech: One for each of the plan's parts.
    init(_ planned: PlannedOutput, speech: [SpeechAnalysis], framesPerSecond: Double) {
        wanted = planned.timeline.pieces.reduce(
            into: WantedLips(frameCount: planned.timeline.frameCount, framesPerSecond: framesPerSecond)
        ) { wanted, piece in
            guard let part = piece.part else { return }
            let phones = speech[part].phonesAreExact ? speech[part].phones : []
            wanted.add(planned.tracks[part], firstFrame: piece.firstFrame, phones: phones)
        }
        gapFrames = planned.gaps.map(\.outputFrame)
        let speakers = planned.scenes.scenes.map(\.speaker)
        scales = speakers.map(LipScale.init)
        filmedShutGaps = speakers.map { speaker in
            guard speaker.hasMovingMouth else { return nil }
            let openings = speaker.ownCurves.map(\.opening).sorted()
            return CurveStatistics.percentile(openings, 0.05) * speaker.mouthWidth + speaker.reference.opening
        }
        isFilmed = true
    }

    /// Of photos that speak.
    init(_ scene: PortraitScene, soundStartSeconds: Double, phones: [TimedPhone]) {
        var wanted = WantedLips(frameCount: scene.frameCount, framesPerSecond: scene.framesPerSecond)
        wanted.add(scene.poses.track, firstFrame: 0, soundStartSeconds: soundStartSeconds, phones: phones)
        self.wanted = wanted
        gapFrames = []
        scales = scene.stills.indices.map(scene.lipScale)
        filmedShutGaps = scene.stills.map { _ in nil }
        isFilmed = false
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
}
