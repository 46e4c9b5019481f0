public import Media

/// Every code with which the engine refuses or fails, whichever of its parts says so.
///
/// The names are the engine's own: whoever shows a failure to somebody else decides about each of them what it is called
/// there.
public enum EngineCode: String, CaseIterable, Sendable {
    // What the user gave.

    /// No face was seen in any frame.
    case noFaceFound = "face.not-found"
    /// No face was seen in any frame of the video whose movement is wanted.
    case driveWithoutFace = "face.not-found-in-driving-video"
    /// The face is too small to be animated.
    case faceTooSmall = "face.too-small"
    /// The head is turned too far away to be animated.
    case faceTurnedAway = "face.turned-away"
    /// More pictures than one video may have.
    case tooManyPictures = "plan.too-many-pictures"
    /// The chosen point or box meets no face.
    case faceSelectionInvalid = "plan.speaker-without-face"
    /// Segments overlap, are not in order or reach beyond the clip.
    case segmentsInvalid = "plan.unusable-segments"
    /// The used part of a sound is empty or reaches beyond the sound.
    case trimInvalid = "plan.unusable-sound-range"
    /// The file is not a video that can be decoded.
    case videoInvalid = "media.unreadable-video"
    /// The file has no sound that can be decoded.
    case audioInvalid = "media.unreadable-sound"
    /// The file is not a picture that can be decoded.
    case imageInvalid = "media.unreadable-picture"
    /// The picture is too small or too large.
    case resolutionUnsupported = "media.unsupported-size"
    /// The file is longer than allowed.
    case durationGreaterThanMaximum = "media.too-long"

    // Files and the machine.

    /// The path does not name a readable file.
    case inputUnreadable = "file.unreadable"
    /// The output path cannot be written.
    case outputUnwritable = "file.unwritable"
    /// The disk filled up while writing.
    case outputDiskFull = "file.disk-full"
    /// The inference runtime, a face model or the mouth network is missing or unusable.
    case installationIncomplete = "engine.incomplete-installation"
    /// The work was given up on request.
    case cancelled = "engine.cancelled"

    // The engine itself.

    /// The encoder or the container writer failed.
    case outputEncodingFailed = "engine.encoding-failed"
    /// What a step of a divided job has left is missing, damaged, or of another job or program.
    case stepUnusable = "engine.unusable-step"
    /// The engine failed for a reason that is its own.
    case engineFailed = "engine.failed"

    /// What a failure with a media file is called.
    public init(_ code: MediaError.Code) {
        self =
            switch code {
            case .videoInvalid: .videoInvalid
            case .imageInvalid: .imageInvalid
            case .audioInvalid: .audioInvalid
            case .resolutionUnsupported: .resolutionUnsupported
            case .durationTooLong: .durationGreaterThanMaximum
            case .fileUnreadable: .inputUnreadable
            case .outputUnwritable: .outputUnwritable
            case .diskFull: .outputDiskFull
            case .encodingFailed: .outputEncodingFailed
            case .sectionUnusable: .stepUnusable
            }
    }
}
