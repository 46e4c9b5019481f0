import Face
import Foundation
import Media

/// Reads drawn frames back while they are drawn, on all drawing threads.
final class FrameMeasuring: @unchecked Sendable {
    /// What was read off one drawn frame; `nil` what it does not tell.
    struct Result: Codable, Sendable {
        var lips: LipReading?
        /// Filmed and drawn, as `MouthPixels` says.
        var sharpness: Pair?
        var gradient: Pair?
        var skin: Skin?
        var changedSamples: Int?
    }

    /// Of the same places of the skin.
    struct Skin: Codable, Sendable {
        var filmed: [Float]
        var drawn: [Float]
    }

    struct Pair: Codable, Sendable {
        var filmed: Double
        var drawn: Double
    }

    /// Finds out about the face that is drawn in an output frame; `nil` where none is, or not whole.
    typealias Faces = @Sendable (_ index: Int) -> MeasuredFace?

    private let wanted: Set<Int>
    private let faces: Faces
    private let lock = NSLock()
    private let reader: FaceReader
    /// The points of each scene's face once one of its frames was read: in canonical space, of a photo in pixels of the newest
    /// frame.
    private var shapes: [Int: [SIMD3<Float>]] = [:]
    private var found: [Int: Result] = [:]
    private let clock = BusyClock()

    /// - Parameters:
    ///   - frames: The output frames that are read back.
    ///   - reader: Used by nobody else while frames are drawn.
    init(_ frames: [Int], reader: FaceReader, faces: @escaping Faces) {
        wanted = Set(frames)
        self.reader = reader
        self.faces = faces
    }

    /// What was found, by output frames; to be asked for when all are drawn.
    var results: [Int: Result] { lock.withLock { found } }
    /// Seconds that measuring took, all threads together.
    var seconds: Double { clock.seconds }

    /// Draws a frame by `draw`, and reads it back where it is one of those.
    ///
    /// - Parameter frame: The source frame, which `draw` draws into.
    func draw(_ index: Int, into frame: VideoFrame, _ draw: () throws -> Void) throws {
        // Drawing copies the frame before it writes, so that a second reference keeps what was there.
        guard wanted.contains(index), let face = faces(index), let original = try? frame.reference() else {
            return try draw()
        }
        try draw()
        // A network that fails must not cost the video.
        clock.measure { try? measure(index, face, original, frame) }
    }

    /// Reads a finished frame back where it is one of those.
    func look(_ index: Int, at frame: VideoFrame) {
        guard wanted.contains(index), let face = faces(index) else { return }
        clock.measure { try? measure(index, face, nil, frame) }
    }

    private func measure(_ index: Int, _ face: MeasuredFace, _ original: VideoFrame?, _ frame: VideoFrame) throws {
        var result = Result()
        let landmarks = try landmarks(of: face, in: frame)
        if let landmarks { result.lips = LipReading(scene: face.scene, landmarks: landmarks) }
        if let original, let filmed = face.filmed, let landmarks {
            let drawn = Landmarks.outerLips.map { SIMD2(landmarks[$0].x, landmarks[$0].y) }
            let unit = filmed.pose.unitPixels
            result.sharpness = Pair(
                filmed: MouthPixels.sharpness(original.luma, inside: filmed.outline),
                drawn: MouthPixels.sharpness(frame.luma, inside: drawn))
            result.gradient = Pair(
                filmed: MouthPixels.gradient(original.luma, around: drawn, unit: unit),
                drawn: MouthPixels.gradient(frame.luma, around: drawn, unit: unit))
            result.skin = Skin(
                filmed: MouthPixels.skin(original.luma, pose: filmed.pose),
                drawn: MouthPixels.skin(frame.luma, pose: filmed.pose))
            if filmed.isConfined {
                let ellipse = DrawnEllipse(filmed)
                result.changedSamples = MouthPixels.changes(
                    from: original, to: frame, center: ellipse.center, radius: ellipse.radius)
            }
        }
        lock.withLock { found[index] = result }
    }

    /// The mesh of the drawn face. One network serves all threads: a seventh of the frames need a millisecond each.
    private func landmarks(of face: MeasuredFace, in frame: VideoFrame) throws -> [SIMD3<Float>]? {
        try lock.withLock {
            switch face.place {
            case .still(let points):
                // A photo's head moves little from one of these frames to the next.
                let landmarks = try reader.landmarks(frame, near: shapes[face.scene] ?? points)
                shapes[face.scene] = landmarks
                return landmarks
            case .filmed(let filmed):
                let known = shapes[face.scene]
                let near = (known ?? MeanFace.points).map { point -> SIMD3<Float> in
                    let place = filmed.pose.picture(point)
                    return SIMD3(place.x, place.y, 0)
                }
                let first = try reader.landmarks(frame, near: near)
                guard known == nil, let first else { return first }
                // The mean face's outline is not this one's: a second reading, steered by the first, is as the tracker's.
                let settled = try reader.landmarks(frame, near: first)
                shapes[face.scene] = settled?.map(filmed.pose.canonical)
                return settled
            }
        }
    }
}

/// The ellipse about the filmed lips that drawing does not leave, in pixels.
struct DrawnEllipse: Codable, Sendable {
    let center: SIMD2<Float>
    let radius: SIMD2<Float>

    init(_ filmed: MeasuredFace.Filmed) {
        let unit = filmed.pose.unitPixels
        center =
            filmed.outline.reduce(.zero, +) / Float(max(filmed.outline.count, 1))
            + SIMD2(0, MouthPixels.drawnDrop * unit)
        radius = MouthPixels.drawnRadius * unit
    }
}
