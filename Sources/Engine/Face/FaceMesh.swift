import Foundation
import Inference
import Media

/// Reads the 468 points of one face inside a region of a picture.
struct FaceMesh {
    /// Points of the mesh, given by the network.
    static let pointCount = 468
    /// Below this presence (0…1) a face counts as lost: MediaPipe's default, also used in Lipsmith's video study.
    static let minimumPresence: Float = 0.5
    /// The side of the network's square input in pixels.
    private static let side = 192

    private let session: any InferenceSession

    init(_ session: any InferenceSession) { self.session = session }

    /// The 468 points in pixels of the picture (z in the same unit, smaller towards the camera), and how certain the
    /// network is that the region shows a face, 0…1.
    ///
    /// - Throws: `InferenceError` when the network cannot be run.
    func read(_ frame: VideoFrame, region: FaceRegion) throws -> (landmarks: [SIMD3<Float>], presence: Float) {
        let crop = PictureCrop(frame)
        session.withInput { crop.fillTurned(region, side: Self.side, target: $0) }
        try session.run()
        let map = region.cropToPicture(side: Self.side)
        let depthScale = region.sidePixels / Float(Self.side)
        let firstCount = session.withOutput(0) { $0.count }
        let pointOutput = firstCount == Self.pointCount * 3 ? 0 : 1
        let landmarks = session.withOutput(pointOutput) { values in
            (0..<Self.pointCount).map { index in
                let point = map.apply(values[index * 3], values[index * 3 + 1])
                return SIMD3(point.x, point.y, values[index * 3 + 2] * depthScale)
            }
        }
        let presence = session.withOutput(1 - pointOutput) { 1 / (1 + exp(-$0[0])) }
        return (landmarks, presence)
    }
}
