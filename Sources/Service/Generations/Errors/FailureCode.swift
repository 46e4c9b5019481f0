/// Why something was refused or failed, in this product's own terms. Each interface has one table of what its clients are
/// told. The raw values are stored and written to logs: they are added, never changed.
public enum FailureCode: String, Sendable, CaseIterable, CustomStringConvertible {
    // What was asked for.
    case requestInvalid = "request-invalid"
    case modelUnknown = "model-unknown"
    /// This installation has no such feature.
    case notOffered = "not-offered"
    /// The feature exists, but not for what the request names, or not with the providers that are set up.
    case notOfferedHere = "not-offered-here"
    case segmentsInvalid = "segments-invalid"
    case trimInvalid = "trim-invalid"
    case speakerInvalid = "speaker-invalid"
    case textTooLong = "text-too-long"
    case visualMissing = "visual-missing"
    case voiceMissing = "voice-missing"
    case idempotencyKeyInvalid = "idempotency-key-invalid"
    case idempotencyKeyReused = "idempotency-key-reused"

    // The media that a request names.
    case videoInaccessible = "video-inaccessible"
    case audioInaccessible = "audio-inaccessible"
    case imageInaccessible = "image-inaccessible"
    /// A video or picture that cannot be decoded, or without a usable face.
    case videoUnusable = "video-unusable"
    case audioUnusable = "audio-unusable"
    /// A picture without a face that can speak.
    case subjectNotFound = "subject-not-found"
    case pictureSizeUnsupported = "picture-size-unsupported"
    /// Beyond the server's limit.
    case inputTooLong = "input-too-long"
    /// Beyond the model's limit.
    case modelLimitExceeded = "model-limit-exceeded"
    case dubTooLong = "dub-too-long"
    case fileTooLarge = "file-too-large"
    /// Length, size or frame rate cannot be read.
    case mediaFactsMissing = "media-facts-missing"
    case inspectionTimedOut = "inspection-timed-out"
    case inspectionUnavailable = "inspection-unavailable"
    case assetKindMismatch = "asset-kind-mismatch"

    // Stored things that a request names.
    case generationNotFound = "generation-not-found"
    case generationIDInvalid = "generation-id-invalid"
    /// An identifier that the client chose exists already.
    case nameTaken = "name-taken"
    case generationNotEnded = "generation-not-ended"
    case generationEnded = "generation-ended"
    case projectNotFound = "project-not-found"
    case projectNameTaken = "project-name-taken"
    case assetNotFound = "asset-not-found"
    /// The asset belongs to another organisation.
    case assetForeign = "asset-foreign"
    case assetIDInvalid = "asset-id-invalid"
    /// Only the name of the asset was announced.
    case assetEmpty = "asset-empty"
    /// An upload was finished of which no byte has come.
    case uploadMissing = "upload-missing"

    // Voices and their providers.
    case voiceNotFound = "voice-not-found"
    case voiceNameTaken = "voice-name-taken"
    case voiceSampleInaccessible = "voice-sample-inaccessible"
    case voiceSampleKindWrong = "voice-sample-kind-wrong"
    /// An organisation makes one voice at a time.
    case voiceBeingMade = "voice-being-made"
    case voiceSampleSilent = "voice-sample-silent"
    case voiceSampleTooLarge = "voice-sample-too-large"
    case voiceSampleTooShort = "voice-sample-too-short"
    case voiceSampleUnusable = "voice-sample-unusable"
    case voiceLimitReached = "voice-limit-reached"
    case providerKeyRefused = "provider-key-refused"
    case providerUnavailable = "provider-unavailable"
    case providerTimedOut = "provider-timed-out"
    case providerQuotaExceeded = "provider-quota-exceeded"
    case providerRefused = "provider-refused"

    // What an organisation may have at once.
    /// Too many unfinished generations.
    case activeLimitReached = "active-limit-reached"
    case creditsExhausted = "credits-exhausted"
    case rateLimited = "rate-limited"
    case storageQuotaReached = "storage-quota-reached"

    // The making, and the machine.
    case cancelled
    case processingFailed = "processing-failed"
    case unknownFailure = "unknown-failure"
    case storageFailed = "storage-failed"
    /// No memory, disk or time is left for the job.
    case resourcesExhausted = "resources-exhausted"
    /// A part of this service is not running.
    case partUnavailable = "part-unavailable"
    case dependencyTimedOut = "dependency-timed-out"
    /// A service of this network that the operator has set up, such as a translator.
    case dependencyUnavailable = "dependency-unavailable"
    case dependencyFaulty = "dependency-faulty"
    case timedOut = "timed-out"
    /// Nothing new is taken until there is more room.
    case diskFull = "disk-full"
    case internalError = "internal-error"

    public var description: String { rawValue }

    /// Whether the same request may succeed later.
    public var isRetryable: Bool {
        switch self {
        case .inspectionTimedOut, .inspectionUnavailable, .providerUnavailable, .providerTimedOut, .activeLimitReached,
            .voiceBeingMade,
            .rateLimited, .processingFailed, .unknownFailure, .storageFailed, .resourcesExhausted, .partUnavailable,
            .dependencyTimedOut, .dependencyUnavailable, .dependencyFaulty, .timedOut, .diskFull, .internalError:
            true
        default: false
        }
    }
}
