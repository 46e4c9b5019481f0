import ChildProtocol
import EngineProfiles
package import Generations
import HTTP
import LipSync
import Provenance

/// Why an attempt failed, as a `FailureCode`.
package struct JobFailure: Error, Hashable, Sendable {
    /// Code and sentence as they are kept, and private detail for the log.
    package let error: GenerationError
    /// Whether another attempt may fare better.
    package let mayRetry: Bool
    /// Whether the machine and not the job is at fault: the attempt is made again and does not count as one.
    package let isLoss: Bool
    /// Whether an input was larger, or took longer, than it was allowed to.
    let exceedsLimit: Bool

    /// A failure that may be tried again where its code says so, unless the place knows better.
    init(
        _ code: FailureCode, _ message: String? = nil, suggestion: String? = nil, mayRetry: Bool? = nil,
        isLoss: Bool = false, exceedsLimit: Bool = false, detail: String = ""
    ) {
        self.init(
            catalogued: GenerationError(code, message, suggestion: suggestion, detail: detail), mayRetry: mayRetry,
            isLoss: isLoss, exceedsLimit: exceedsLimit)
    }

    // Without its label, a call with an error alone would mean the initialiser for any error, which is this one's caller.
    private init(
        catalogued error: GenerationError, mayRetry: Bool? = nil, isLoss: Bool = false, exceedsLimit: Bool = false
    ) {
        self.error = error
        self.isLoss = isLoss
        self.exceedsLimit = exceedsLimit
        self.mayRetry = mayRetry ?? error.isRetryable
    }

    /// What the generation keeps. It has no suggestion of its own, and readers take the code's; where another one
    /// belongs to this failure, it stands behind the sentence.
    var facts: FailureFacts {
        let advice = error.suggestion == error.code.suggestion ? [] : [error.suggestion]
        return FailureFacts(code: error.code, message: ([error.message] + advice).joined(separator: " "))
    }

    /// What any error of an attempt means for the job.
    ///
    /// - Parameter showsSubject: Whether a picture without a usable face has a code of its own.
    package init(_ error: any Error, showsSubject: Bool = false) {
        switch error {
        case let failure as JobFailure: self = failure
        case ChildFailure.told(let told)
        where showsSubject && told.engineCode.map(EngineCode.withoutSubject.contains) == true:
            self.init(
                .subjectNotFound, Self.ascii(told.message), suggestion: Self.ascii(told.suggestion),
                detail: told.code)
        case let failure as ChildFailure: self.init(ofChild: failure)
        case let error as GenerationError: self.init(catalogued: error)
        case let failure as FileTracer.Failure:
            self.init(
                .inspectionUnavailable, failure.message, suggestion: failure.suggestion, detail: failure.detail)
        case let error as StoreError:
            self.init(.storageFailed, isLoss: error.isRetryable, detail: error.description)
        default: self.init(.unknownFailure, detail: "\(error)")
        }
    }

    private init(ofChild failure: ChildFailure) {
        switch failure {
        case .told(let told): self = Self.translated(told)
        case .crashed(let signal):
            self.init(.processingFailed, "The renderer ended unexpectedly.", detail: "signal \(signal)")
        case .outOfMemory:
            self.init(.resourcesExhausted, "The renderer needed more memory than a job may have.")
        // A machine that is too slow today is as slow in a minute, and a hang costs the whole limit each time.
        case .timedOut: self.init(.timedOut, mayRetry: false)
        case .senseless:
            self.init(.processingFailed, "The renderer gave an answer that makes no sense.")
        // Nobody but the kernel and an operator kills a renderer, and neither does so for what is in a file.
        case .killed:
            self.init(
                .partUnavailable, "The renderer was killed by its machine each time.", isLoss: true)
        case .notStarted:
            self.init(.partUnavailable, "The renderer could not be started.")
        }
    }

    /// What each code of the engine means for the job. The engine's own codes stay inside; what a `FailureCode` names passes
    /// through.
    private static func translated(_ told: ChildMessage.Failure) -> JobFailure {
        let detail = "\(told.code): \(told.detail)"
        // What no part of ours says, a child said that was taken over; it may say anything.
        guard let code = told.engineCode else {
            return JobFailure(.processingFailed, mayRetry: false, detail: detail)
        }
        switch code {
        case .installationIncomplete:
            return JobFailure(code.failure, "The machine that took the job cannot render.", detail: detail)
        case .inputUnreadable, .outputUnwritable, .outputDiskFull: return JobFailure(code.failure, detail: detail)
        // Nobody but an operator asks a renderer to stop.
        case .cancelled:
            return JobFailure(
                code.failure, "The renderer was stopped by its machine each time.", isLoss: true, detail: detail)
        case .outputEncodingFailed, .stepUnusable, .engineFailed:
            return JobFailure(code.failure, ascii(told.message), detail: detail)
        default:
            return JobFailure(
                code.failure, ascii(told.message), suggestion: told.suggestion.isEmpty ? nil : ascii(told.suggestion),
                detail: detail)
        }
    }

    /// Webhooks are verified by receivers that write the text again, some of them with other characters escaped.
    private static func ascii(_ text: String) -> String {
        let spelled = text.replacing("\u{B0}", with: " degrees")
        return String(String.UnicodeScalarView(spelled.unicodeScalars.filter(\.isASCII)))
    }
}
