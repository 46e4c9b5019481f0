import Face
public import Media
import Records

/// The clearest frame of a face, kept to read the colours from with which the inside of its mouth is painted.
public struct MouthReference: Sendable {
    /// The part of the frame that holds the face.
    private let frame: VideoFrame
    /// The 468 points in pixels of `frame`.
    private let landmarks: [SIMD3<Float>]
    /// How well the face is visible: confidence × (how frontal it is)² × eye distance in pixels.
    private let clarity: Float

    /// A frame replaces the kept one only when its clarity is larger by this factor, so that few frames are copied.
    /// Unmeasured.
    private static let improvement: Float = 1.15

    /// Copies a face out of a frame; `nil` when `known` shows it about as well, or there is no memory.
    ///
    /// - Parameters:
    ///   - landmarks: The 468 points in pixels.
    ///   - confidence: The mesh network's, 0…1.
    ///   - known: The reference that has been kept so far.
    ///   - keepsAll: Whether any frame counts that shows the face better at all, for a choice that is made later
    ///     (`isBetter(than:)`).
    public init?(
        _ frame: VideoFrame, landmarks: [SIMD3<Float>], confidence: Float, betterThan known: MouthReference?,
        keepsAll: Bool = false
    ) {
        let eyes = landmarks[Landmarks.leftEyeOuter] - landmarks[Landmarks.rightEyeOuter]
        // A turned head is narrower in the picture than it is deep.
        let distance = (eyes.x * eyes.x + eyes.y * eyes.y).squareRoot()
        let frontal = distance / max((eyes * eyes).sum().squareRoot(), 1)
        clarity = confidence * frontal * frontal * distance
        if let known, keepsAll ? clarity <= known.clarity : clarity < known.clarity * Self.improvement { return nil }
        let points = landmarks.map { SIMD2($0.x, $0.y) }
        let region = PixelRegion(
            from: points.reduce(points[0]) { pointwiseMin($0, $1) },
            to: points.reduce(points[0]) { pointwiseMax($0, $1) }, pictureWidth: frame.width,
            pictureHeight: frame.height)
        guard !region.isEmpty,
            let copy = try? VideoFrame(
                width: region.width, height: region.height, isFullRange: frame.isFullRange, matrix: frame.matrix)
        else { return nil }
        for number in 0..<3 {
            let (source, target, shift) = (frame.plane(number), copy.plane(number), number == 0 ? 0 : 1)
            for y in 0..<region.height >> shift {
                (target.base + y * target.stride).update(
                    from: source.base + ((region.top >> shift) + y) * source.stride + (region.left >> shift),
                    count: region.width >> shift)
            }
        }
        self.frame = copy
        let corner = SIMD3(Float(region.left), Float(region.top), 0)
        self.landmarks = landmarks.map { $0 - corner }
    }

    /// Whether this one is kept in place of an earlier one.
    package func isBetter(than known: MouthReference) -> Bool { clarity >= known.clarity * Self.improvement }

    /// Whether the lips are visibly apart, even where the mesh reports them as shut.
    public var isParted: Bool {
        let face = PortraitFace(landmarks: landmarks)
        return LipLine.isOpen(frame, face, PortraitColors(frame, face))
    }

    /// The painted inside of this face's mouth.
    ///
    /// - Parameter scene: The scene of the same face.
    public func interior(_ scene: SpeakerScene) -> PaintedInterior {
        PaintedInterior(frame, PortraitFace(landmarks: landmarks), scene: scene)
    }
}

extension MouthReference: Codable {
    private enum CodingKeys: CodingKey { case width, height, isFullRange, matrix, planes, landmarks, clarity }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        frame = try VideoFrame(
            width: members.decode(Int.self, forKey: .width), height: members.decode(Int.self, forKey: .height),
            isFullRange: members.decode(Bool.self, forKey: .isFullRange),
            matrix: members.decode(String.self, forKey: .matrix))
        landmarks = try members.decodePacked(SIMD3<Float>.self, forKey: .landmarks)
        clarity = try members.decode(Float.self, forKey: .clarity)
        let bytes = try members.decodePacked(UInt8.self, forKey: .planes)
        guard bytes.count == frame.width * frame.height * 3 / 2, landmarks.count == MeanFace.points.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .planes, in: members, debugDescription: "no face of \(frame.width) by \(frame.height)")
        }
        bytes.withUnsafeBufferPointer { bytes in
            guard var next = bytes.baseAddress else { return }
            for number in 0..<3 {
                let plane = frame.plane(number)
                for y in 0..<plane.height {
                    (plane.base + y * plane.stride).update(from: next, count: plane.width)
                    next += plane.width
                }
            }
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(frame.width, forKey: .width)
        try members.encode(frame.height, forKey: .height)
        try members.encode(frame.isFullRange, forKey: .isFullRange)
        try members.encode(frame.matrix, forKey: .matrix)
        try members.encodePacked(landmarks, forKey: .landmarks)
        try members.encode(clarity, forKey: .clarity)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(frame.width * frame.height * 3 / 2)
        for number in 0..<3 {
            let plane = frame.plane(number)
            for y in 0..<plane.height {
                bytes.append(contentsOf: UnsafeBufferPointer(start: plane.base + y * plane.stride, count: plane.width))
            }
        }
        try members.encodePacked(bytes, forKey: .planes)
    }
}

/// The inside of a filmed mouth that never opens in its clip: painted as for a still (`DrawnMouth`), in the light of
/// each frame.
///
/// Teeth that a steady smile shows are kept and move with the skull.
public struct PaintedInterior: Sendable {
    private let drawn: DrawnMouth
    private let neutral: [SIMD3<Float>]
    private let reference: VideoFrame
    private let referencePose: FacePose
    /// Luma, blue and red chroma of the skin in the reference, as stored.
    private let referenceSkin: SIMD3<Float>
    /// The darkest luma over black that the reference shows: a cavity darker than nostrils and pupils looks like a
    /// hole.
    private let darkest: Float

    fileprivate init(_ frame: VideoFrame, _ face: PortraitFace, scene: SpeakerScene) {
        let colors = PortraitColors(frame, face)
        let axes = FeatureAxes(mouthOf: face)
        var teeth: OwnTeeth?
        if LipLine.isOpen(frame, face, colors) {
            teeth = OwnTeeth(
                frame, colors, axes,
                upperLine: FeatureLine(innerLip: Landmarks.upperInnerLip, of: face, axes),
                lowerLine: FeatureLine(innerLip: Landmarks.lowerInnerLip, of: face, axes))
        }
        drawn = DrawnMouth(colors: colors, ownTeeth: teeth, face: face, neutral: scene.neutral)
        neutral = scene.neutral
        reference = frame
        referencePose = face.pose
        darkest = Self.darkest(frame) - colors.color.black
        referenceSkin = FaceColors.skin(frame, unit: face.unit) { face.pixel($0) }
    }

    /// The 2nd percentile of the luma.
    private static func darkest(_ frame: VideoFrame) -> Float {
        var histogram = [Int](repeating: 0, count: 256)
        let luma = frame.luma
        for y in 0..<luma.height { for x in 0..<luma.width { histogram[Int(luma.base[y * luma.stride + x])] += 1 } }
        var below = 0
        return Float(
            histogram.firstIndex { count in
                below += count
                return below * 50 > luma.width * luma.height
            } ?? 0)
    }

    /// What is the same for all pixels of a frame.
    struct View {
        /// The least luma, as stored.
        fileprivate let floor: Float
        fileprivate let pixels: DrawnMouth.PixelView
        /// The brightness of the face relative to the reference, 0.5…2.
        fileprivate let light: Float
        /// Luma, blue and red chroma of black, as stored.
        fileprivate let black: SIMD3<Float>
    }

    /// Prepares painting into one frame.
    ///
    /// - Parameters:
    ///   - skin: Luma, blue and red chroma of the face's skin in the frame, as stored.
    ///   - black: The luma of black in the frame: 0 or 16.
    func view(_ placement: MouthPlacement, skin: SIMD3<Float>, black: Float) -> View {
        let jaw = MouthIndex.jawTips.reduce(Float(0)) { $0 + placement.shape[$1].y - neutral[$1].y }
        let view = drawn.view(
            shape: placement.shape, jawDrop: jaw / Float(MouthIndex.jawTips.count), unit: placement.unit,
            still: reference, stillPose: referencePose)
        let light = max(skin.x - black, 1) / max(referenceSkin.x - drawn.colors.color.black, 1)
        let limited = min(max(light, 0.5), 2)
        return View(
            floor: black + darkest * limited,
            pixels: DrawnMouth.PixelView(view, shape: placement.shape, depth: drawn.planeDepth) {
                placement.pose.picture($0)
            }, light: limited, black: SIMD3(black, 128, 128))
    }
}

extension PaintedInterior.View {
    /// The value of one plane at a pixel of the frame, as stored; `nil` outside the mouth.
    func value(_ plane: Int, _ pixel: SIMD2<Float>) -> Float? {
        pixels.value(plane, pixel).map { max(black[plane] + $0 * light, plane == 0 ? floor : 0) }
    }
}

/// Colours that are read from a face in every frame.
enum FaceColors {
    /// Mesh points in the middle of the cheeks.
    private static let cheeks = [50, 280, 205, 425]

    /// Mean luma, blue and red chroma of the cheeks, as stored.
    ///
    /// - Parameters:
    ///   - unit: The length of one face unit in pixels.
    ///   - place: Gives the place of a mesh point in pixels.
    static func skin(_ frame: VideoFrame, unit: Float, place: (Int) -> SIMD2<Float>) -> SIMD3<Float> {
        var skin = MeanColor()
        for cheek in cheeks { skin.add(frame, around: place(cheek), radius: 0.04 * unit) }
        return skin.value
    }
}
