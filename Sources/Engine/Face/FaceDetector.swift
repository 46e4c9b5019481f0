import Foundation
import Inference
import Media

/// A face found in a picture, before its mesh is known.
struct FaceDetection: Sendable {
    var box: FaceBox
    /// The subject's right and left eye in pixels.
    var rightEye: SIMD2<Float>
    var leftEye: SIMD2<Float>
    /// 0…1.
    var score: Float

    /// How the face lies in the picture, by the line between its eyes: clockwise, in radians.
    var angleRadians: Float {
        let eyes = leftEye - rightEye
        return atan2(eyes.y, eyes.x)
    }
}

/// Turns by right angles: how a picture is turned back before a network sees it, clockwise as the faces in it lie.
enum QuarterTurn: Int, CaseIterable {
    case none, right, half, left

    /// All but `none`.
    static let sideways: [QuarterTurn] = [.right, .half, .left]

    var angleRadians: Float { Float(rawValue) * .pi / 2 }
}

/// Finds faces in pictures with MediaPipe's two detectors.
///
/// The near detector (128 pixels, faces from about a tenth of the picture) and the far one (192 pixels, down to about a
/// thirtieth) complement each other, since a clip can hold both kinds of shot; their findings are merged by score.
///
/// Both know upright faces. One that is turned by more than about 60° is missed, or found with its eyes where the mouth
/// is; on the development pictures, turned in steps of 15°, such findings score up to 0.88. Of the four turns by right
/// angles the one that brings a face nearest to upright has always scored highest, and gave its angle within 20°.
struct FaceDetector {
    static let minimumScore: Float = 0.5
    private static let sameFaceOverlap: Float = 0.3
    /// The side of the smallest tiles, in pixels: in them the far detector has found faces 40 pixels wide wherever they
    /// lay, of four people; in tiles of 800 pixels it missed one.
    static let smallestTile = 640
    /// Neighbouring tiles share this part of their side: more than the faces that only the smaller tiles show.
    private static let tileOverlap = 0.15

    /// A detection is kept unless its place, or its angle by more than this, is off; in radians.
    private static let sameAngle: Float = .pi / 6

    private let near: DetectorNetwork
    private let far: DetectorNetwork

    init(_ models: FaceModels) {
        near = DetectorNetwork(session: models.nearDetector, side: 128, anchors: DetectorNetwork.nearAnchors)
        far = DetectorNetwork(session: models.farDetector, side: 192, anchors: DetectorNetwork.farAnchors)
    }

    /// The faces of a picture, best first.
    ///
    /// - Parameters:
    ///   - turns: How the faces that are looked for may lie.
    ///   - includesFar: Whether small faces are wanted even where the near detector finds one; without a near face they
    ///     always are.
    func detect(
        _ frame: VideoFrame, turns: [QuarterTurn] = [.none], includesFar: Bool
    ) throws -> [FaceDetection] {
        let whole = PictureTile(frame)
        var found = try turns.flatMap { try near.detect(frame, whole, $0) }
        if includesFar || found.isEmpty { found += try turns.flatMap { try far.detect(frame, whole, $0) } }
        return Self.distinct(found)
    }

    /// The small faces of a picture, best first: those that the far detector sees in tiles of 640 pixels, of twice that
    /// and so on up to half the picture.
    func detectInTiles(_ frame: VideoFrame, turns: [QuarterTurn] = [.none]) throws -> [FaceDetection] {
        var found: [FaceDetection] = []
        var side = Self.smallestTile
        while side < max(frame.width, frame.height) {
            for tile in PictureTile.tiles(frame, side: side, overlap: Int(Double(side) * Self.tileOverlap)) {
                for turn in turns { found += try far.detect(frame, tile, turn) }
            }
            side *= 2
        }
        return Self.distinct(found)
    }

    private static func distinct(_ found: [FaceDetection]) -> [FaceDetection] {
        var kept: [FaceDetection] = []
        for candidate in found.sorted(by: { $0.score > $1.score })
        where !kept.contains(where: { $0.box.overlap(candidate.box) > sameFaceOverlap }) {
            kept.append(candidate)
        }
        return kept
    }

    /// The same face with a surer angle and score: it is cut out and looked at in all four turns.
    ///
    /// On the development pictures faces then score 0.8 and more, patterns that only look like one from some side less
    /// than 0.6.
    func settled(_ detection: FaceDetection, in frame: VideoFrame) throws -> FaceDetection {
        let region = FaceRegion(detection)
        let found = try QuarterTurn.allCases.compactMap { turn in
            try near.detect(
                frame,
                in: FaceRegion(
                    center: region.center, sidePixels: region.sidePixels, angleRadians: turn.angleRadians)
            ).max { $0.score < $1.score }
        }
        var detection = detection
        guard let best = found.max(by: { $0.score < $1.score }) else {
            detection.score = 0
            return detection
        }
        detection.score = best.score
        let isOff =
            FaceRegion.turn(from: best.angleRadians, to: detection.angleRadians) > Self.sameAngle
            || best.box.overlap(detection.box) < Self.sameFaceOverlap
        return isOff ? best : detection
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

    /// Looks at a tile of a picture, or at all of it.
    func detect(_ frame: VideoFrame, _ tile: PictureTile, _ turn: QuarterTurn) throws -> [FaceDetection] {
        let crop = PictureCrop(frame, tile: tile)
        session.withInput { crop.fillLetterboxed(side: side, turn: turn, target: $0) }
        return try detections(
            in: FaceRegion(
                center: SIMD2(Float(2 * tile.left + tile.width), Float(2 * tile.top + tile.height)) / 2,
                sidePixels: Float(max(tile.width, tile.height)), angleRadians: turn.angleRadians))
    }

    /// Looks at a square of a picture.
    func detect(_ frame: VideoFrame, in region: FaceRegion) throws -> [FaceDetection] {
        let crop = PictureCrop(frame)
        session.withInput { target in
            crop.fillTurned(region, side: side, target: target)
            for index in target.indices { target[index] = target[index] * 2 - 1 }
        }
        return try detections(in: region)
    }

    /// Runs the network on what shows a region that is turned by right angles.
    private func detections(in region: FaceRegion) throws -> [FaceDetection] {
        try session.run()
        let map = region.cropToPicture(side: side)
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
                        let place = SIMD2(row[at], row[at + 1]) + anchors[index] * Float(side)
                        return map.apply(place.x, place.y)
                    }
                    let center = point(0)
                    let half =
                        SIMD2(
                            abs(map.xx) * row[2] + abs(map.xy) * row[3], abs(map.yx) * row[2] + abs(map.yy) * row[3])
                        / 2
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
