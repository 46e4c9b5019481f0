import Generations
import HTTP

/// What clients of this interface are told of a failure of the domain: its own code, and a status.
struct LipsmithCause {
    let status: HTTPStatus

    init(_ cause: FailureCode) {
        status =
            switch cause {
            case .requestInvalid, .modelUnknown, .segmentsInvalid, .trimInvalid, .speakerInvalid, .textTooLong,
                .visualMissing, .voiceMissing, .idempotencyKeyInvalid, .generationIDInvalid, .assetIDInvalid,
                .notOffered, .notOfferedHere:
                .badRequest
            case .generationNotFound, .projectNotFound, .assetNotFound, .assetForeign, .voiceNotFound: .notFound
            case .idempotencyKeyReused, .nameTaken, .generationNotEnded, .generationEnded, .projectNameTaken,
                .voiceNameTaken, .voiceBeingMade, .voiceLimitReached, .assetEmpty, .uploadMissing:
                .conflict
            case .videoInaccessible, .audioInaccessible, .imageInaccessible, .videoUnusable, .audioUnusable,
                .subjectNotFound, .pictureSizeUnsupported, .inputTooLong, .modelLimitExceeded, .dubTooLong,
                .mediaFactsMissing, .assetKindMismatch, .voiceSampleInaccessible, .voiceSampleKindWrong,
                .voiceSampleSilent, .voiceSampleTooShort, .voiceSampleUnusable, .providerRefused, .cancelled:
                HTTPStatus(rawValue: 422)
            case .fileTooLarge, .voiceSampleTooLarge: .contentTooLarge
            case .activeLimitReached, .rateLimited, .creditsExhausted, .storageQuotaReached, .providerQuotaExceeded:
                .tooManyRequests
            case .inspectionTimedOut, .providerTimedOut, .dependencyTimedOut, .timedOut: HTTPStatus(rawValue: 504)
            case .inspectionUnavailable, .providerUnavailable, .providerKeyRefused, .partUnavailable,
                .dependencyUnavailable, .dependencyFaulty, .diskFull, .storageFailed, .resourcesExhausted:
                .serviceUnavailable
            case .processingFailed, .unknownFailure, .internalError: .internalServerError
            }
    }
}
