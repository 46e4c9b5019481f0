import Generations
import HTTP

/// A name of the contract's list of errors. Clients match on it.
enum V3Code: String, Sendable, CaseIterable {
    case invalidArgument = "INVALID_ARGUMENT"
    case failedPrecondition = "FAILED_PRECONDITION"
    case unauthorized = "UNAUTHORIZED"
    case insufficientBalance = "INSUFFICIENT_BALANCE"
    case permissionDenied = "PERMISSION_DENIED"
    case notFound = "NOT_FOUND"
    case alreadyExists = "ALREADY_EXISTS"
    case alreadyInProgress = "ALREADY_IN_PROGRESS"
    case moderationFailed = "MODERATION_FAILED"
    case resourceExhausted = "RESOURCE_EXHAUSTED"
    case cancelled = "CANCELLED"
    case internalFault = "INTERNAL"
    case unavailable = "UNAVAILABLE"
    case deadlineExceeded = "DEADLINE_EXCEEDED"

    /// The status that it is answered with.
    var status: HTTPStatus {
        let number =
            switch self {
            case .invalidArgument, .failedPrecondition, .cancelled: 400
            case .unauthorized: 401
            case .insufficientBalance: 402
            case .permissionDenied: 403
            case .notFound: 404
            case .alreadyExists, .alreadyInProgress: 409
            case .moderationFailed: 422
            case .resourceExhausted: 429
            case .internalFault: 500
            case .unavailable: 503
            case .deadlineExceeded: 504
            }
        return HTTPStatus(rawValue: number)
    }

    /// The name for a status of an error that arose outside of the endpoints.
    init(status: HTTPStatus) {
        switch status.rawValue {
        case 401: self = .unauthorized
        case 403: self = .permissionDenied
        case 404: self = .notFound
        case 429: self = .resourceExhausted
        case 503: self = .unavailable
        case 504: self = .deadlineExceeded
        case 500...: self = .internalFault
        default: self = .invalidArgument
        }
    }

    /// What a failure of the domain is called.
    init(_ code: FailureCode) {
        switch code {
        case .requestInvalid, .modelUnknown, .segmentsInvalid, .trimInvalid, .speakerInvalid, .textTooLong,
            .visualMissing, .voiceMissing, .idempotencyKeyInvalid, .videoInaccessible, .audioInaccessible,
            .imageInaccessible, .videoUnusable, .audioUnusable, .subjectNotFound, .pictureSizeUnsupported,
            .inputTooLong, .modelLimitExceeded, .dubTooLong, .fileTooLarge, .mediaFactsMissing, .assetKindMismatch,
            .generationIDInvalid, .projectNotFound, .projectNameTaken, .assetNotFound, .assetForeign, .assetIDInvalid,
            .assetEmpty, .uploadMissing, .voiceNotFound, .voiceSampleInaccessible, .voiceSampleKindWrong,
            .voiceSampleSilent, .voiceSampleTooLarge, .voiceSampleTooShort, .voiceSampleUnusable, .voiceLimitReached,
            .providerRefused:
            self = .invalidArgument
        case .notOffered, .notOfferedHere, .generationNotEnded, .generationEnded: self = .failedPrecondition
        case .idempotencyKeyReused, .nameTaken, .voiceNameTaken: self = .alreadyExists
        case .voiceBeingMade: self = .alreadyInProgress
        case .generationNotFound: self = .notFound
        case .providerQuotaExceeded, .activeLimitReached, .rateLimited, .storageQuotaReached, .resourcesExhausted:
            self = .resourceExhausted
        case .creditsExhausted: self = .insufficientBalance
        case .cancelled: self = .cancelled
        case .inspectionUnavailable, .providerKeyRefused, .providerUnavailable, .storageFailed, .partUnavailable,
            .dependencyUnavailable, .dependencyFaulty, .diskFull:
            self = .unavailable
        case .inspectionTimedOut, .providerTimedOut, .dependencyTimedOut, .timedOut: self = .deadlineExceeded
        case .processingFailed, .unknownFailure, .internalError: self = .internalFault
        }
    }

    /// The kind of error, which clients of 3.20.0 read.
    var type: String {
        switch status.rawValue {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 429: "rate_limit_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }
}
