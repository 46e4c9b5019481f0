import Face
import Foundation
import Media
import Rendering

/// A picture with the face that shall speak, cut to the size of the video.
struct StillFace: Sendable {
    /// Narrower faces are refused: nothing of a mouth is left in them.
    static let leastFacePixels: Float = 40
    /// Heads turned farther away are refused; from the second angle on a warning is given.
    private static let largestYawDegrees: Float = 40
    private static let largeYawDegrees: Float = 25

    let frame: VideoFrame
    /// 468 points in pixels of `frame`; `nil` for a picture without a face.
    let landmarks: [SIMD3<Float>]?
    /// Points on the faces that stay still.
    let others: [[SIMD3<Float>]]
    let confidence: Float
    /// The width of the face in the picture as it was sent.
    let facePixels: Float
    private(set) var warnings: [RenderReport.Warning] = []

    /// Around the faces that stay still, in pixels of `frame`.
    var outlinesOfOthers: [SIMD2<Float>] {
        others.flatMap { points in FaceOutline.points.map { SIMD2(points[$0].x, points[$0].y) } }
    }

    /// The middle of the face in pixels of `frame`.
    var focus: SIMD2<Float>? { landmarks.map { FaceBox(around: $0).center } }

    var size: PictureSize { PictureSize(width: frame.width, height: frame.height) }

    /// Reads a picture and chooses its speaker.
    ///
    /// - Parameters:
    ///   - size: That of the video; `nil` for the picture's own.
    ///   - needsFace: Whether a picture without a face is refused; otherwise it is shown as it is.
    /// - Throws: `MediaError`, `InferenceError`, `RenderFailure` of code `noFaceFound`, `faceTooSmall`, `faceTurnedAway`
    ///   or `faceSelectionInvalid`.
    init(_ cue: PictureCue, size: PictureSize?, needsFace: Bool, models: LazyFaceModels) throws {
        let image = try StillImage(cue.path)
        let faces = try Self.faces(of: image, cue, models)
        guard !faces.isEmpty || !needsFace else {
            throw RenderFailure(
                .noFaceFound, message: "No human face was found in the picture.",
                suggestion: "Use a picture in which one face looks towards the camera and is at least 40 pixels wide.")
        }
        let wanted = size ?? Framing.naturalSize(width: image.width, height: image.height)
        guard let face = try Self.speaker(faces, cue, needsFace: needsFace) else {
            let piece = Framing.piece(
                width: image.width, height: image.height,
                face: FaceBox(left: 0, top: 0, right: Float(image.width), bottom: Float(image.height)), size: wanted)
            frame = try image.cut(piece, width: wanted.width, height: wanted.height)
            (landmarks, others, confidence, facePixels) = (nil, [], 0, 0)
            warnings.append(
                .init(
                    code: "picture_without_face",
                    message: "A picture shows no face that can speak; it is shown as it is."))
            return
        }
        facePixels = face.widthPixels
        confidence = face.confidence
        let piece = Framing.piece(
            width: image.width, height: image.height, face: face.box, down: FaceRectangle(around: face.landmarks).down,
            size: wanted)
        frame = try image.cut(piece, width: wanted.width, height: wanted.height)
        let enlargement = SIMD2(
            Float(wanted.width) / Float(piece.width), Float(wanted.height) / Float(piece.height))
        func moved(_ points: [SIMD3<Float>]) -> [SIMD3<Float>] {
            points.map {
                SIMD3(
                    ($0.x - Float(piece.left)) * enlargement.x, ($0.y - Float(piece.top)) * enlargement.y,
                    $0.z * enlargement.x)
            }
        }
        landmarks = moved(face.landmarks)
        others = faces.filter { $0.identity != face.identity }.map { moved($0.landmarks) }
        warn(face, count: faces.count, isChosen: cue.speaker != nil, enlargement: enlargement.x)
    }

    private mutating func warn(_ face: FaceObservation, count: Int, isChosen: Bool, enlargement: Float) {
        if count > 1, !isChosen {
            warnings.append(
                .init(
                    code: "several_faces",
                    message: "The picture shows \(count) faces; the largest one speaks. Choose another by a point."))
        }
        let yaw = Self.yawDegrees(face)
        if yaw > Self.largeYawDegrees {
            warnings.append(
                .init(
                    code: "face_turned",
                    message: "The head is turned away by \(Int(yaw))°, so that motion will look less real."))
        }
        if face.widthPixels * enlargement < Self.leastFacePixels {
            warnings.append(
                .init(
                    code: "face_small_in_frame",
                    message: "In the asked size the face is under \(Int(Self.leastFacePixels)) pixels wide."))
        }
        if enlargement > 2 {
            warnings.append(
                .init(code: "picture_enlarged", message: "The picture is small for the asked size and will look soft."))
        }
    }

    /// The faces of the picture, with one that the cue points at even where it is small.
    private static func faces(
        of image: StillImage, _ cue: PictureCue, _ models: LazyFaceModels
    ) throws -> [FaceObservation] {
        let search = PictureSearch(image: image, models: models)
        let known = cue.faces?.read(PictureFaces.self)?.faces(width: image.width, height: image.height)
        var faces = try known ?? search.faces()
        if let point = cue.speaker {
            func isMeant(_ face: FaceObservation) -> Bool {
                SpeakerChoice.closeness(face.box, SIMD2(point.x, point.y)) > 0
            }
            if !faces.contains(where: isMeant) {
                let next = (faces.map(\.identity).max() ?? -1) + 1
                faces += try search.faces(about: point, where: isMeant).enumerated().map { index, face in
                    FaceObservation(
                        identity: next + index, landmarks: face.landmarks, confidence: face.confidence)
                }
            }
        }
        if known == nil { cue.faces?.write(PictureFaces(faces, width: image.width, height: image.height)) }
        return faces
    }

    /// The face that speaks; `nil` where there is none and none is needed.
    private static func speaker(
        _ faces: [FaceObservation], _ cue: PictureCue, needsFace: Bool
    ) throws -> FaceObservation? {
        guard !faces.isEmpty else { return nil }
        let face = faces[try choose(faces, cue.speaker)]
        do { try check(face) } catch {
            if needsFace { throw error }
            return nil
        }
        return face
    }

    private static func choose(_ faces: [FaceObservation], _ point: PicturePoint?) throws -> Int {
        guard let point else { return faces.indices.max { faces[$0].box.area < faces[$1].box.area }! }
        let scores = faces.map { SpeakerChoice.closeness($0.box, SIMD2(point.x, point.y)) }
        guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }), scores[best] > 0 else {
            throw RenderFailure(
                .faceSelectionInvalid, message: "No face was found at the chosen place in the picture.",
                suggestion: "Choose a point inside a face.")
        }
        return best
    }

    /// How far the head is turned to either side.
    private static func yawDegrees(_ face: FaceObservation) -> Float {
        abs(FacePose(of: face.landmarks).rotation.yawRadians) * 180 / .pi
    }

    private static func check(_ face: FaceObservation) throws {
        guard face.widthPixels >= leastFacePixels else {
            throw RenderFailure(
                .faceTooSmall, message: "The face is only \(Int(face.widthPixels)) pixels wide.",
                suggestion: "Use a picture in which the face is at least \(Int(leastFacePixels)) pixels wide.")
        }
        let yaw = yawDegrees(face)
        guard yaw <= largestYawDegrees else {
            throw RenderFailure(
                .faceTurnedAway, message: "The head is turned away by \(Int(yaw))°.",
                suggestion: "Use a picture in which the face looks towards the camera, at most 40° to the side.")
        }
    }
}
