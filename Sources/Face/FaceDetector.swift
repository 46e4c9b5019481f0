import Foundation
import Inference
import Media

/// A face found in a whole picture, before its mesh is known.
struct FaceDetection: Sendable {
    var box: FaceBox
    /// The subject's right and left eye in pixels.
    var rightEye: SIMD2<Float>
    var leftEye: SIMD2<Float>
    /// 0…1.
    var score: Float
}

/// Finds faces in a whole picture with MediaPipe's two detectors.
///
/// The near detector (128 pixels, faces from about a tenth of the picture) and the far one (192 pixels, down to about a
/// thirtieth) complement each other, since a clip can hold both kinds of shot; their findings are merged by score.
struct FaceDetector {
    static let minimumScore: Float = 0.5
    private static let sameFaceOverlap: Float = 0.3

    private let near: DetectorNetwork
    private let far: DetectorNetwork

    init(_ models: FaceModels) {
        near = DetectorNetwork(session: models.nearDetector, side: 128, anchors: DetectorNetwork.nearAnchors)
        far = DetectorNetwork(session: models.farDetector, side: 192, anchors: DetectorNetwork.farAnchors)
    }

    /// The faces of a picture, best first.
    ///
    /// - Parameter includesFar: Whether small faces are wanted even where the near detector finds one; without a near
    ///   face they always are.
    func detect(_ frame: VideoFrame, includesFar: Bool) throws -> [FaceDetection] {
        var found = try near.detect(frame)
        if includesFar || found.isEmpty { found += try far.detect(frame) }
        var kept: [FaceDetection] = []
        for candidate in found.sorted(by: { $0.score > $1.score })
        where !kept.contains(where: { $0.box.overlap(candidate.box) > Self.sameFaceOverlap }) {
            kept.append(candidate)
        }
        return kept
    }
}

private struct DetectorNetwork {
    let session: any InferenceSession
    let side: Int
    let anchors: [SIMD2<Float>]

    /// Two anchors in each cell of a 16 × 16 grid, six in each of an 8 × 8 one: strides 8, 16, 16, 16 of the network.
    static let nearAnchors = grid(16, repeated: 2) + grid(8, repeated: 6)
    /// One anchor in each cell of a 48 × 48 grid.
    static let farAnchors = grid(48, repeated: 1)

    private static func grid(_ cells: Int, repeated: Int) -> [SIMD2<Float>] {
        var anchors: [SIMD2<Float>] = []
        for y in 0..<cells {
            for x in 0..<cells {
                let center = SIMD2((Float(x) + 0.5) / Float(cells), (Float(y) + 0.5) / Float(cells))
                anchors += Array(repeating: center, count: repeated)
            }
        }
        return anchors
    }

    /// One row of the network's box output: centre offset, size, then six points, all in input pixels.
    private static let rowLength = 16

    func detect(_ frame: VideoFrame) throws -> [FaceDetection] {
        let crop = PictureCrop(frame)
        session.withInput { crop.fillLetterboxed(side: side, target: $0) }
        try session.run()
        let longSide = Float(max(frame.width, frame.height))
        let offset = SIMD2(longSide - Float(frame.width), longSide - Float(frame.height)) / 2
        let threshold = log(FaceDetector.minimumScore / (1 - FaceDetector.minimumScore))
        // The two outputs differ in length, which is a surer sign than their order or names.
        let first = session.withOutput(0) { $0.count }
        let boxOutput = first == anchors.count ? 1 : 0
        return session.withOutput(1 - boxOutput) { scores in
            session.withOutput(boxOutput) { rows in
                anchors.indices.compactMap { index -> FaceDetection? in
                    guard scores[index] > threshold else { return nil }
                    let row = rows.baseAddress! + index * Self.rowLength
                    func point(_ at: Int) -> SIMD2<Float> {
                        (SIMD2(row[at], row[at + 1]) / Float(side) + anchors[index]) * longSide - offset
                    }
                    let center = point(0)
                    let half = SIMD2(row[2], row[3]) / Float(side) * longSide / 2
                    return FaceDetection(
                        box: FaceBox(
                            left: center.x - half.x, top: center.y - half.y,
                            right: center.x + half.x, bottom: center.y + half.y),
                        rightEye: point(4), leftEye: point(6), score: 1 / (1 + exp(-scores[index])))
                }
            }
        }
    }
}
