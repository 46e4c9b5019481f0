import Foundation
import Generations
import LipSync
import Provenance
import SyncAPI

/// Why a command failed, in the words of the command line: its codes are documented in docs/command-line.md and never change
/// their meaning.
struct CommandFailure: Error {
    /// A stable code.
    let code: String
    /// One sentence.
    let message: String
    /// What the user can do.
    let suggestion: String
    /// Private detail, shown where `LIPSMITH_DEBUG` is set.
    let detail: String
    /// How the process ends.
    let exitCode: ExitCode

    private struct Event: Encodable {
        var code: String
        var message: String
        var suggestion: String
    }

    /// A failure in words of its own.
    init(
        code: String, message: String, suggestion: String, detail: String = "", exitCode: ExitCode = .failure
    ) {
        self.code = code
        self.message = message
        self.suggestion = suggestion
        self.detail = detail
        self.exitCode = exitCode
    }

    /// What any error means for the user of a command.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as GenerationError: self.init(error)
        case let error as CredentialError: self.init(error)
        default: self.init(RenderFailure(error))
        }
    }

    private init(_ failure: RenderFailure) {
        code = failure.code.commandLineName
        message = failure.message
        suggestion = failure.suggestion
        detail = failure.detail
        exitCode =
            switch failure.code {
            case .cancelled: .cancelled
            case .installationIncomplete: .installation
            default: .failure
            }
    }

    /// The voices refuse in the domain's codes.
    private init(_ error: GenerationError) {
        if error.code == .storageFailed {
            code = EngineCode.outputUnwritable.commandLineName
            message = "The sound cannot be written."
            suggestion = "Choose another place."
        } else {
            code = SyncError(error).code.rawValue
            message = error.message
            suggestion = error.code == .voiceNotFound ? "`lipsmith voices` lists them." : error.suggestion
        }
        detail = error.detail
        exitCode = .failure
    }

    private init(_ error: CredentialError) {
        switch error.kind {
        case .libraryMissing: (code, exitCode) = ("credentials_library_missing", .installation)
        case .identityUnusable: (code, exitCode) = ("credentials_identity_unusable", .failure)
        case .identityOutOfDate: (code, exitCode) = ("credentials_identity_out_of_date", .failure)
        case .signingFailed, .fileUnreadable: (code, exitCode) = ("credentials_signing_failed", .failure)
        }
        (message, suggestion, detail) = (error.message, error.suggestion, error.detail)
    }

    /// The code and the sentence, in one line.
    var text: String { "\(code): \(message)" }

    /// Tells the user, and gives the code to end with.
    func show(_ events: EventWriter? = nil) -> ExitCode {
        events?.event("failure", Event(code: code, message: message, suggestion: suggestion))
        var line = "\(text) \(suggestion)"
        if ProcessInfo.processInfo.environment["LIPSMITH_DEBUG"] != nil, !detail.isEmpty { line += "\n  \(detail)" }
        Terminal.error(line)
        return exitCode
    }
}

extension EngineCode {
    /// What the command line calls a failure: the Sync catalogue's name where that has one.
    var commandLineName: String {
        switch self {
        case .noFaceFound: "no_face_found"
        case .driveWithoutFace: "drive_without_face"
        case .faceTooSmall: "face_too_small"
        case .faceTurnedAway: "face_turned_away"
        case .tooManyPictures: "too_many_pictures"
        case .faceSelectionInvalid: "generation_input_face_selection_invalid"
        case .segmentsInvalid: "generation_input_segments_invalid"
        case .trimInvalid: "generation_input_trim_invalid"
        case .videoInvalid: "generation_input_video_invalid"
        case .audioInvalid: "generation_input_audio_invalid"
        case .imageInvalid: "generation_input_image_invalid"
        case .resolutionUnsupported: "generation_input_resolution_unsupported"
        case .durationGreaterThanMaximum: "generation_input_duration_greater_than_max_duration"
        case .inputUnreadable: "input_file_unreadable"
        case .outputUnwritable: "output_unwritable"
        case .outputDiskFull: "output_disk_full"
        case .installationIncomplete: "installation_incomplete"
        case .cancelled: "cancelled"
        case .outputEncodingFailed: "output_encoding_failed"
        case .stepUnusable: "step_unusable"
        case .engineFailed: "generation_pipeline_failed"
        }
    }
}
