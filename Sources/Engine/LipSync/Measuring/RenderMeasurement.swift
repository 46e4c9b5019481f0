import Face
import Media
import Rendering
import Speech

/// What is read of an output's frames while they are drawn; of some of them where several processes draw.
///
/// What fails while it is measured is left out: a video without its report is a video still.
final class RenderMeasurement: Sendable {
    /// What was found, in a form that other processes can take.
    struct Readings: Codable, Sendable {
        var results: [Int: FrameMeasuring.Result] = [:]
        var pictures: [Int: String] = [:]
        var compared: [Int: EncodedComparison.Kept] = [:]
        /// Seconds that it took, on all threads together.
        var seconds = 0.0

        /// Adds what another process has found in other frames.
        mutating func add(_ other: Readings) {
            results.merge(other.results) { first, _ in first }
            pictures.merge(other.pictures) { first, _ in first }
            compared.merge(other.compared) { first, _ in first }
            seconds += other.seconds
        }
    }

    private let measuring: FrameMeasuring
    private let stills: OutputStills
    private let encoded: EncodedComparison
    private let faces: FrameMeasuring.Faces
    /// Whether anything is drawn into an output frame, also where a mouth comes or goes and is not measured.
    private let isDrawn: @Sendable (_ index: Int) -> Bool
    private let clock = BusyClock()

    /// - Parameters:
    ///   - frames: Those that are looked at.
    ///   - isDrawn: Whether anything is drawn into an output frame.
    ///   - faces: What is drawn whole in an output frame.
    init(
        _ frames: MeasurePlan.Frames, reader: FaceReader,
        isDrawn: @escaping @Sendable (_ index: Int) -> Bool = { _ in true }, faces: @escaping FrameMeasuring.Faces
    ) {
        measuring = FrameMeasuring(frames.read, reader: reader, faces: faces)
        stills = OutputStills(frames.shown)
        encoded = EncodedComparison(frames.compared)
        self.faces = faces
        self.isDrawn = isDrawn
    }

    /// Draws a frame of a clip by `draw` and takes from it what is wanted.
    ///
    /// - Parameter frame: The source frame, which `draw` draws into.
    func draw(_ index: Int, into frame: VideoFrame, _ draw: () throws -> Void) throws {
        if encoded.wants(index) {
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

    /// What was found; to be asked for when all frames are drawn.
    var readings: Readings {
        Readings(
            results: measuring.results, pictures: stills.pictures, compared: encoded.keptFrames,
            seconds: clock.seconds + measuring.seconds)
    }
}

extension RenderMeasurement {
    /// Measures a clip's new lips.
    ///
    /// - Parameter scenes: Of the frames that are looked at, and no others are asked for.
    convenience init(
        _ frames: MeasurePlan.Frames, scenes: SceneSet, timeline: OutputTimeline, reader: FaceReader
    ) {
        self.init(frames, reader: reader, isDrawn: { scenes.isDrawn($0) }) { index in
            guard let (number, instruction) = scenes.instruction(at: index), instruction.strength > 0.99 else {
                return nil
            }
            let speaker = scenes.scenes[number].speaker
            let expresses = timeline.piece(at: index).part.map { scenes.expressions[$0] != nil } ?? false
            return MeasuredFace(
                scene: scenes.numbers[number],
                place: .filmed(
                    .init(
                        pose: speaker.pose(instruction.row), outline: speaker.outline(instruction.row),
                        isConfined: !expresses)))
        }
    }

    /// Measures the lips of photos that speak.
    convenience init(_ frames: MeasurePlan.Frames, scene: PortraitScene, reader: FaceReader) {
        self.init(frames, reader: reader) { index in
            let (picture, share) = scene.timeline.picture(atSeconds: scene.seconds(at: index))
            // Between two pictures there is no face that one could compare with.
            guard share == 0, let landmarks = scene.stills[picture].landmarks else { return nil }
            return MeasuredFace(scene: picture, place: .still(scene.shown(landmarks, at: index)))
        }
    }
}

extension PortraitScene {
    /// Where points of the still are shown in a frame, in pixels; the head's own motion is not followed.
    fileprivate func shown(_ points: [SIMD3<Float>], at index: Int) -> [SIMD3<Float>] {
        let camera = camera(at: index)
        return points.map { point in
            let place = camera.place(SIMD2(point.x, point.y))
            return SIMD3(place.x, place.y, point.z)
        }
    }
}
