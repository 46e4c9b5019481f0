import Inference
import Media

/// Why a video could not be made: a stable code, a sentence and a suggestion for the user, and detail for the log.
public struct RenderFailure: Error, Sendable, CustomStringConvertible {
    /// A stable name; the Sync catalogue's where one fits. Codes never change their meaning.
    public struct Code: RawRepresentable, Hashable, Sendable, Codable {
        /// The name as it is shown.
        public let rawValue: String

        /// Makes a code of a name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// No face was seen in any frame.
        public static let noFaceFound = Code(rawValue: "no_face_found")
        /// No face was seen in any frame of the video whose movement is wanted.
        public static let driveWithoutFace = Code(rawValue: "drive_without_face")
        /// The face is too small to be animated.
        public static let faceTooSmall = Code(rawValue: "face_too_small")
        /// The head is turned too far away to be animated.
        public static let faceTurnedAway = Code(rawValue: "face_turned_away")
        /// More pictures than one video may have.
        public static let tooManyPictures = Code(rawValue: "too_many_pictures")
        /// The chosen point or box meets no face.
        public static let faceSelectionInvalid = Code(rawValue: "generation_input_face_selection_invalid")
        /// Segments overlap, are not in order or reach beyond the clip.
        public static let segmentsInvalid = Code(rawValue: "generation_input_segments_invalid")
        /// The used part of a sound is empty or reaches beyond the sound.
        public static let trimInvalid = Code(rawValue: "generation_input_trim_invalid")
        /// The work was given up on request.
        public static let cancelled = Code(rawValue: "cancelled")
        /// The inference runtime, a face model or the mouth network is missing or unusable.
        public static let installationIncomplete = Code(rawValue: "installation_incomplete")
        /// The engine failed for a reason that is its own.
        public static let engineFailed = Code(rawValue: "generation_pipeline_failed")
    }

    /// What kind of failure this is.
    public let code: Code
    /// One sentence for the user.
    public let message: String
    /// What the user can do.
    public let suggestion: String
    /// Private detail for the log.
    public let detail: String

    /// Makes a failure.
    public init(_ code: Code, message: String, suggestion: String, detail: String = "") {
        self.code = code
        self.message = message
        self.suggestion = suggestion
        self.detail = detail
    }

    /// The code and the sentence.
    public var description: String { "\(code.rawValue): \(message)" }

    static let cancelled = RenderFailure(
        .cancelled, message: "The work was cancelled.", suggestion: "Start it again.")

    /// The failure that an error of the parts below means for the user.
    public init(_ error: any Error) {
        switch error {
        case let failure as RenderFailure: self = failure
        case let error as MediaError:
            self.init(
                Code(rawValue: error.code.rawValue), message: error.message, suggestion: error.suggestion,
                detail: error.detail)
        case let error as InferenceError where error.kind != .runFailed:
            self.init(
                .installationIncomplete, message: "The networks could not be loaded.",
                suggestion: "Run `make setup`, then `lipsmith doctor`.", detail: error.description)
        default:
            self.init(
                .engineFailed, message: "The video could not be rendered.",
                suggestion: "Try again; if it fails again, report it with the log.", detail: "\(error)")
        }
    }
}
