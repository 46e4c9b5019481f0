import ChildProtocol
import Generations
import LipSync

extension MediaKind {
    /// The code of an input of this kind that cannot be fetched.
    var inaccessible: FailureCode {
        switch self {
        case .video: .videoInaccessible
        case .image: .imageInaccessible
        case .audio, .text: .audioInaccessible
        }
    }

    /// The code of an input of this kind that is something else.
    var invalid: FailureCode {
        switch self {
        case .video, .image: .videoUnusable
        case .audio, .text: .audioUnusable
        }
    }

    /// Why a file is none of this kind; nil if it is one.
    func refusal(of facts: MediaFacts) -> JobFailure? {
        switch self {
        case .video where facts.kind == .image:
            .invalid(self, "The file given as video is a picture.", suggestion: "Send it as an image, or send a video.")
        case .video where facts.kind != .video: .invalid(self, "The file given as video has no moving pictures.")
        case .image where facts.kind == .video:
            .invalid(
                self, "The file given as picture is a video.", suggestion: "Send it as a video, or send a picture.")
        case .image where facts.kind != .image:
            .invalid(self, "The file given as picture is not a JPEG, PNG or WebP picture.")
        case .audio where !facts.hasSound: .invalid(self, "The file given as audio has no sound.")
        default: nil
        }
    }
}

extension JobFailure {
    /// The failure of a child that looked into a file meant to be of a kind, while a client waits.
    static func looking(at kind: MediaKind, _ failure: ChildFailure) -> JobFailure {
        switch failure {
        case .timedOut: JobFailure(.inspectionTimedOut)
        // A file that takes its reader down is no medium that anybody should work with.
        case .outOfMemory, .crashed(1...): .invalid(kind, detail: "\(failure)")
        case .crashed, .senseless, .notStarted, .killed: JobFailure(.inspectionUnavailable)
        case .told(let told) where told.engineCode == .videoInvalid: .invalid(kind, told: told)
        case .told: JobFailure(failure)
        }
    }

    /// The failure of an input that its reader refused. What it says of videos is right for them alone: it does not know what
    /// the file was meant to be.
    static func invalid(_ kind: MediaKind, told: ChildMessage.Failure) -> JobFailure {
        guard kind == .video, !told.suggestion.isEmpty else { return invalid(kind, detail: told.detail) }
        return invalid(kind, told.message, suggestion: told.suggestion, detail: told.detail)
    }

    /// The failure of an input that is something else than its kind. Videos and pictures share a `FailureCode`,
    /// so that a picture needs words of its own.
    static func invalid(
        _ kind: MediaKind, _ message: String? = nil, suggestion: String? = nil, detail: String = ""
    ) -> JobFailure {
        let isPicture = kind == .image
        return JobFailure(
            kind.invalid, message ?? (isPicture ? "The file given as picture cannot be decoded." : nil),
            suggestion: suggestion ?? (isPicture ? "Send a JPEG, PNG or WebP picture." : nil), detail: detail)
    }
}
