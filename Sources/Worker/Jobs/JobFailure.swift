import Generations
import HTTP
import LipSync

/// Why an attempt failed, in the catalogue's terms.
package struct JobFailure: Error, Hashable, Sendable {
    /// Code and sentence as they are kept, and private detail for the log.
    package let error: GenerationError
    /// Whether another attempt may fare better.
    package let mayRetry: Bool
    /// Whether an input was larger, or took longer, than it was allowed to.
    let exceedsLimit: Bool

    /// A failure that may be tried again where the catalogue says so, unless the place knows better.
    init(
        _ code: ErrorCode, _ message: String? = nil, mayRetry: Bool? = nil, exceedsLimit: Bool = false,
        detail: String = ""
    ) {
        self.init(
            GenerationError(code, message, detail: detail), mayRetry: mayRetry, exceedsLimit: exceedsLimit)
    }

    private init(_ error: GenerationError, mayRetry: Bool? = nil, exceedsLimit: Bool = false) {
        self.error = error
        self.exceedsLimit = exceedsLimit
        self.mayRetry = mayRetry ?? error.isRetryable
    }

    /// What any error of an attempt means for the job.
    package init(_ error: any Error) {
        switch error {
        case let failure as JobFailure: self = failure
        case let failure as ChildFailure: self.init(failure)
        case let error as GenerationError: self.init(error)
        case let error as StoreError: self.init(.generationInfraStorageError, detail: error.description)
        default: self.init(.generationUnknownError, detail: "\(error)")
        }
    }

    private init(_ failure: ChildFailure) {
        switch failure {
        case .told(let told): self = Self.translated(told)
        case .crashed(let signal):
            self.init(.generationPipelineFailed, "The renderer ended unexpectedly.", detail: "signal \(signal)")
        case .outOfMemory:
            self.init(.generationInfraResourceExhausted, "The renderer needed more memory than a job may have.")
        // A machine that is too slow today is as slow in a minute, and a hang costs the whole limit each time.
        case .timedOut: self.init(.generationTimeout, mayRetry: false)
        case .senseless:
            self.init(.generationPipelineFailed, "The renderer gave an answer that makes no sense.")
        case .notStarted: self.init(.generationInfraServiceUnavailable, "The renderer could not be started.")
        }
    }

    /// The engine's own codes stay inside; what the catalogue knows passes through.
    private static func translated(_ told: ChildMessage.Failure) -> JobFailure {
        let detail = "\(told.code): \(told.detail)"
        switch told.code {
        case "no_face_found": return JobFailure(.generationInputVideoInvalid, told.message, detail: detail)
        case "installation_incomplete":
            return JobFailure(
                .generationInfraServiceUnavailable, "The machine that took the job cannot render.", detail: detail)
        case "input_file_unreadable", "output_unwritable":
            return JobFailure(.generationInfraStorageError, detail: detail)
        case "output_disk_full": return JobFailure(.generationInfraResourceExhausted, detail: detail)
        case "output_encoding_failed": return JobFailure(.generationPipelineFailed, told.message, detail: detail)
        default:
            let code = ErrorCode(rawValue: told.code)
            guard code.entry.code == code else {
                return JobFailure(.generationPipelineFailed, told.message, detail: detail)
            }
            return JobFailure(code, told.message, detail: detail)
        }
    }
}

extension MediaKind {
    /// The code of an input of this kind that cannot be fetched.
    var inaccessible: ErrorCode {
        switch self {
        case .video: .generationInputVideoInaccessible
        case .image: .generationInputImageInaccessible
        case .audio, .text: .generationInputAudioInaccessible
        }
    }

    /// The code of an input of this kind that is something else.
    var invalid: ErrorCode {
        switch self {
        case .video, .image: .generationInputVideoInvalid
        case .audio, .text: .generationInputAudioInvalid
        }
    }
}
