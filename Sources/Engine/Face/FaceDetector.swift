import Foundation
import Inference
import Media

/// A face found in a picture, before its mesh is known.
struct FaceDetection: Sendable {
    var box: FaceBox
    /// The subject's right and left eye in pixels.
    var rightEye: SIMD2<Float>
    var leftEye: SIMD2<Float>
    /// The network's confidence that this is a face, 0…1.
    var score: Float

    /// The direction of the line from the right to the left eye, clockwise in radians; 0 for an upright face.
    var angleRadians: Float {
        let eyes = leftEye - rightEye
        return atan2(eyes.y, eyes.x)
    }
}

/// The four turns by right angles in which faces are looked for.
///
/// `right` is for faces whose top points to the right of the picture (turned clockwise by 90°): such a picture is
/// turned back by that much before the network sees it.
enum QuarterTurn: Int, CaseIterable {
    case none, right, half, left

    /// The three turns other than `none`.
    static let sideways: [QuarterTurn] = [.right, .half, .left]

    var angleRadians: Float { Float(rawValue) * .pi / 2 }
}

/// Finds faces in pictures with MediaPipe's two detectors.
///
/// The near detector (128 pixels, faces from about a tenth of the picture) and the far one (192 pixels, down to about a
/// thirtieth) complement each other, since a clip can hold both kinds of shot; their detections are merged by score.
///
/// Both know upright faces. One that is turned by more than about 60° is missed, or found with its eyes where the mouth
/// is; on the development pictures, turned in steps of 15°, such findings score up to 0.88. Of the four turns by right
/// angles the one that brings a face nearest to upright has always scored highest, and gave its angle within 20°.
struct FaceDetector {
    /// Detections with a lower score are dropped: the threshold of MediaPipe's own graph for the near detector.
    static let minimumScore: Float = 0.5
    /// Two detections whose boxes overlap by more than this (intersection over union) are one face: the threshold of
    /// MediaPipe's non-maximum suppression.
    private static let sameFaceOverlap: Float = 0.3
    /// The side of the smallest tiles, in pixels: in them the far detector has found faces 40 pixels wide wherever they
    /// lay, of four people; in tiles of 800 pixels it missed one.
    static let smallestTile = 640
    /// The share of their side by which neighbouring tiles overlap, so that a face on a border is whole in one of them:
    /// 96 pixels of the smallest tile, and the faces that only those show are about 40 pixels wide. Unmeasured.
    private static let tileOverlap = 0.15

    /// In `settled`, the first detection is replaced when its angle is off by more than this, in radians: the best of
    /// the four turns gives the angle within 20°, and 30° leaves a margin.
    private static let sameAngle: Float = .pi / 6

    private let near: DetectorNetwork
    private let far: DetectorNetwork

    init(_ models: FaceModels) {
        near = DetectorNetwork(session: models.nearDetector, side: 128, anchors: DetectorNetwork.nearAnchors)
        far = DetectorNetwork(session: models.farDetector, side: 192, anchors: DetectorNetwork.farAnchors)
    }

    /// The faces of a picture, highest score first.
    ///
    /// - Parameters:
    ///   - turns: The turns in which faces are looked for; one run of a network each.
    ///   - includesFar: Whether the far detector runs even where the near one finds a face; without a near face it
    ///     always runs.
    /// - Throws: `InferenceError` when a network cannot be run.
    func detect(
        _ frame: VideoFrame, turns: [QuarterTurn] = [.none], includesFar: Bool
    ) throws -> [FaceDetection] {
        let whole = PictureTile(frame)
        var found = try turns.flatMap { try near.detect(frame, whole, $0) }
        if includesFar || found.isEmpty { found += try turns.flatMap { try far.detect(frame, whole, $0) } }
        return Self.distinct(found)
    }

    /// The small faces of a picture, highest score first: those that the far detector sees in square tiles of 640
    /// pixels, of 1280 and so on while the tile is smaller than the picture's longer side.
    ///
    /// - Throws: `InferenceError` when a network cannot be run.
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

    /// The same face with a more reliable angle and score: its square is cut out and shown to the near detector in all
    /// four turns. The score is 0 where none of them shows a face.
    ///
    /// On the development pictures faces then score 0.8 and more, patterns that resemble a face from one side only less
    /// than 0.6.
    ///
    /// - Throws: `InferenceError` when the network cannot be run.
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

/// One of MediaPipe's two detectors with its anchors.
private struct DetectorNetwork {
    let session: any InferenceSession
    /// The side of the square input in pixels.
    let side: Int
    /// The centres that the network's boxes are relative to, in shares of the input's side.
    let anchors: [SIMD2<Float>]

    /// Two anchors in each cell of a 16 × 16 grid, six in each of an 8 × 8 grid: MediaPipe's short-range model, strides
    /// 8, 16, 16, 16.
    static let nearAnchors = grid(16, repeated: 2) + grid(8, repeated: 6)
    /// One anchor in each cell of a 48 × 48 grid: MediaPipe's full-range model, stride 4.
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

    /// Values of one row of the box output: centre offset, size, then six points, two values each, in input pixels.
    private static let rowLength = 16

    /// The faces in a tile of a picture, which may be the whole picture.
    func detect(_ frame: VideoFrame, _ tile: PictureTile, _ turn: QuarterTurn) throws -> [FaceDetection] {
        let crop = PictureCrop(frame, tile: tile)
        session.withInput { crop.fillLetterboxed(side: side, turn: turn, target: $0) }
        return try detections(
            in: FaceRegion(
                center: SIMD2(Float(2 * tile.left + tile.width), Float(2 * tile.top + tile.height)) / 2,
                sidePixels: Float(max(tile.width, tile.height)), angleRadians: turn.angleRadians))
    }

    /// The faces in a turned square of a picture.
    func detect(_ frame: VideoFrame, in region: FaceRegion) throws -> [FaceDetection] {
        let crop = PictureCrop(frame)
        session.withInput { target in
            crop.fillTurned(region, side: side, target: target)
            for index in target.indices { target[index] = target[index] * 2 - 1 }
        }
        return try detections(in: region)
    }

    /// Runs the network on its filled input and brings the detections back from `region`, whose angle is a multiple of
    /// a right angle, to the picture.
    private func detections(in region: FaceRegion) throws -> [FaceDetection] {
        try session.run()
        let map = region.cropToPicture(side: side)
        let threshold = log(FaceDetector.minimumScore / (1 - FaceDetector.minimumScore))
        // The two outputs are told apart by their lengths: order and names depend on the runtime.
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
