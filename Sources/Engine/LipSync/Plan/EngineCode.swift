/// Every code with which the engine refuses or fails, whichever of its parts says so. Whoever shows an engine's failure to
/// somebody else decides about each of them.
public enum EngineCode: String, CaseIterable, Sendable {
    // What the user gave.
    case noFaceFound = "no_face_found"
    case driveWithoutFace = "drive_without_face"
    case faceTooSmall = "face_too_small"
    case faceTurnedAway = "face_turned_away"
    case tooManyPictures = "too_many_pictures"
    case faceSelectionInvalid = "generation_input_face_selection_invalid"
    case segmentsInvalid = "generation_input_segments_invalid"
    case trimInvalid = "generation_input_trim_invalid"
    case videoInvalid = "generation_input_video_invalid"
    case audioInvalid = "generation_input_audio_invalid"
    case imageInvalid = "generation_input_image_invalid"
    case resolutionUnsupported = "generation_input_resolution_unsupported"
    case durationGreaterThanMaximum = "generation_input_duration_greater_than_max_duration"
    // Files and the machine.
    case inputUnreadable = "input_file_unreadable"
    case outputUnwritable = "output_unwritable"
    case outputDiskFull = "output_disk_full"
    case installationIncomplete = "installation_incomplete"
    case cancelled
    // The engine itself.
    case outputEncodingFailed = "output_encoding_failed"
    case engineFailed = "generation_pipeline_failed"
}
