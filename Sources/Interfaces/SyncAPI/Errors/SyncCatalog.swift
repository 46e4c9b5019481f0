import Generations

/// One line of the catalogue.
public struct CatalogEntry: Hashable, Sendable {
    public let code: SyncCode
    /// One sentence for people, without private detail.
    public let message: String
    /// What to do about it, one sentence.
    public let suggestion: String
    /// The status number with which this interface answers, unless the place says otherwise.
    public let status: Int
    /// Whether the public list of codes shows it.
    public let isPublished: Bool
}

/// Every code that this interface can give. Those that come from the domain have its words; the others, which only the
/// published list or a wire form knows, have words of their own here.
public enum SyncCatalog {
    /// The published list, in its order.
    public static let published = all.filter(\.isPublished)

    /// Every entry, also those that the published list leaves out.
    public static let all = entries + unpublishedEntries

    /// The entry of a code.
    public static func entry(for code: SyncCode) -> CatalogEntry { byCode[code]! }

    private static let byCode = Dictionary(uniqueKeysWithValues: all.map { ($0.code, $0) })

    private static let entries: [CatalogEntry] = [
        entry(.generationUnsupportedModel, 400, .modelUnknown),
        entry(.generationPipelineFailed, 500, .processingFailed),
        entry(.generationUnknownError, 500, .unknownFailure),
        entry(.generationInputValidationFailed, 400, .requestInvalid),
        entry(.generationInfraStorageError, 500, .storageFailed),
        entry(.generationInfraResourceExhausted, 503, .resourcesExhausted),
        entry(.generationInfraServiceUnavailable, 503, .partUnavailable),
        entry(.generationInputVideoInaccessible, 422, .videoInaccessible),
        entry(.generationInputAudioInaccessible, 422, .audioInaccessible),
        entry(.generationInputImageInaccessible, 422, .imageInaccessible),
        entry(.generationInputVideoInvalid, 422, .videoUnusable),
        entry(.generationInputAudioInvalid, 422, .audioUnusable),
        entry(.generationInputSegmentsInvalid, 422, .segmentsInvalid),
        entry(.generationInputTrimInvalid, 422, .trimInvalid),
        entry(.generationInputFaceSelectionInvalid, 422, .speakerInvalid),
        entry(.generationInputResolutionUnsupported, 422, .pictureSizeUnsupported),
        entry(.generationInputDurationGreaterThanMaxDuration, 422, .inputTooLong),
        entry(.generationModelDurationExceeded, 422, .modelLimitExceeded),
        entry(
            .generationPlanDurationExceeded, 402, message: "The input is longer than the organisation may send.",
            suggestion: "Shorten the input or have the limit raised."),
        entry(.dubbingDurationExceeded, 422, .dubTooLong),
        entry(
            .freeTierGenerationsExhausted, 402, message: "The free jobs of this month are used up.",
            suggestion: "Wait for the next month or have the limit raised."),
        entry(.planFeatureUnavailable, 402, .notOffered),
        entry(
            .accountPaymentRequired, 402, message: "The organisation has an unpaid balance.",
            suggestion: "Settle the balance and send the request again."),
        entry(
            .accountOnHold, 403, message: "The organisation is blocked.",
            suggestion: "Ask the operator why."),
        entry(.voiceCloneLimitReached, 402, .voiceLimitReached),
        entry(.elevenlabsQuotaExceeded, 402, .providerQuotaExceeded),
        entry(.generationInputAssetTypeMismatch, 422, .assetKindMismatch),
        entry(
            .generationInputTooManyVisual, 400, message: "The request has more than one video or picture.",
            suggestion: "Send exactly one visual input."),
        entry(
            .generationInputDubAudioConflict, 422,
            message: "Dubbing takes its sound from the video, yet the request brings sound or text of its own.",
            suggestion: "Leave out either dubParams or the audio and text inputs."),
        entry(.concurrencyLimitReached, 429, .activeLimitReached),
        entry(.rateLimitExceeded, 429, .rateLimited),
        entry(.generationNotDeletableWhileProcessing, 409, .generationNotEnded),
        entry(.invalidGenerationId, 400, .generationIDInvalid),
        entry(
            .unsupportedGenerationIdFormat, 400, message: "The generation identifier is not a UUID.",
            suggestion: "Send the id that the create call returned."),
        entry(.generationNotFound, 404, .generationNotFound),
        entry(.generationConflict, 409, .nameTaken),
        entry(.generationMediaProbeTimeout, 503, .inspectionTimedOut),
        entry(.generationMediaProbeUnavailable, 503, .inspectionUnavailable),
        entry(.controllerTimeout, 504, .dependencyTimedOut),
        entry(.controllerUnavailable, 503, .dependencyUnavailable),
        entry(.controllerDependencyError, 502, .dependencyFaulty),
        entry(.internalError, 500, .internalError),
        entry(.projectNotFound, 422, .projectNotFound),
        entry(.assetNotFound, 404, .assetNotFound),
        entry(.assetForbidden, 403, .assetForeign),
        entry(.invalidAssetIdFormat, 400, .assetIDInvalid),
        entry(.uploadedFileNotFound, 422, .uploadMissing),
        entry(
            .fileNotInOrgStorage, 422, message: "The address does not lie in the organisation's storage.",
            suggestion: "Use the address that the upload call returned."),
        entry(.fileSizeExceedsPlanLimit, 422, .fileTooLarge),
        entry(.voiceNotFound, 404, .voiceNotFound),
        entry(.voiceSampleNotAccessible, 422, .voiceSampleInaccessible),
        entry(.voiceSampleTypeUnsupported, 422, .voiceSampleKindWrong),
        entry(
            .voiceSampleUploadRequired, 422, message: "The voice sample must be uploaded first.",
            suggestion: "Upload it as an asset and name the asset."),
        entry(.voiceSampleExtractionFailed, 422, .voiceSampleSilent),
        entry(.voiceSampleSourceTooLarge, 422, .voiceSampleTooLarge),
        entry(.voiceSampleTooShort, 422, .voiceSampleTooShort),
        entry(.voiceSampleInvalid, 422, .voiceSampleUnusable),
        entry(.voiceNameConflict, 409, .voiceNameTaken),
        entry(.voiceCloneBusy, 429, .voiceBeingMade),
        entry(.elevenlabsApiKeyInvalid, 422, .providerKeyRefused),
        entry(.elevenlabsServiceUnavailable, 503, .providerUnavailable),
        entry(
            .usageDependencyUnavailable, 503, message: "The accounting of usage does not answer.",
            suggestion: "Try again in a minute."),
    ]

    private static func entry(
        _ code: SyncCode, _ status: Int, _ cause: FailureCode, isPublished: Bool = true
    ) -> CatalogEntry {
        CatalogEntry(
            code: code, message: cause.message, suggestion: cause.suggestion, status: status, isPublished: isPublished)
    }

    private static func entry(
        _ code: SyncCode, _ status: Int, message: String, suggestion: String, isPublished: Bool = true
    ) -> CatalogEntry {
        CatalogEntry(code: code, message: message, suggestion: suggestion, status: status, isPublished: isPublished)
    }

    private static let unpublishedEntries: [CatalogEntry] = [
        entry(.invalidIdempotencyKey, 400, .idempotencyKeyInvalid, isPublished: false),
        entry(.idempotencyKeyConflict, 409, .idempotencyKeyReused, isPublished: false),
        entry(
            .idempotencyOutcomeUnknown, 503,
            message: "It is not known whether the first request with this Idempotency-Key took effect.",
            suggestion: "Look up the generation, or repeat the request with the same key.", isPublished: false),
        entry(
            .costEstimateUnavailable, 422, message: "The cost cannot be told.",
            suggestion: "Send model and duration, or inputs that can be read.", isPublished: false),
        entry(
            .dialogueEditNotFound, 422, message: "There is no such dialogue edit.",
            suggestion: "Check the identifier.", isPublished: false),
        entry(
            .dialogueEditUnsupported, 422, message: "Dialogue edits are not offered for this request.",
            suggestion: "Leave dialogueEdit out.", isPublished: false),
        entry(
            .dialogueEditSourceMismatch, 422, message: "The dialogue edit was made from another video.",
            suggestion: "Send the video from which it was made.", isPublished: false),
        entry(
            .dialogueEditAudioConflict, 422,
            message: "A dialogue edit brings its own sound, yet the request has audio or text.",
            suggestion: "Leave out either of them.", isPublished: false),
        entry(
            .dialogueEditRetimeRequired, 422, message: "The edit changes the length and needs new timing.",
            suggestion: "Ask for an edit that may change the timing.", isPublished: false),
        entry(
            .dialogueEditRemovalTooLarge, 422, message: "The edit takes away more than can be bridged.",
            suggestion: "Remove a shorter part.", isPublished: false),
        entry(
            .batchPlanRequired, 403, message: "Batches are not enabled for this organisation.",
            suggestion: "Ask the operator to enable them.", isPublished: false),
        entry(
            .batchConcurrencyLimitReached, 429,
            message: "The organisation has as many unfinished batches as it may have.",
            suggestion: "Wait until a batch has finished.", isPublished: false),
        entry(.generationMediaMetadataMissing, 422, .mediaFactsMissing, isPublished: false),
        entry(
            .generationAudioLengthExceeded, 422, message: "The sound is too long.",
            suggestion: "Shorten the sound.", isPublished: false),
        entry(.generationTextLengthExceeded, 400, .textTooLong, isPublished: false),
        entry(.generationAudioMissing, 400, .voiceMissing, isPublished: false),
        entry(.generationVideoMissing, 400, .visualMissing, isPublished: false),
        entry(.generationTimeout, 500, .timedOut, isPublished: false),
        entry(
            .batchNotFound, 404, message: "There is no such batch in this organisation.",
            suggestion: "Check the identifier and the key.", isPublished: false),
        entry(
            .batchInputInvalid, 400, message: "The batch file has a line that cannot be used.",
            suggestion: "Correct the named line.", isPublished: false),
        entry(.generationCancelled, 409, .cancelled, isPublished: false),
        entry(.generationNotCancellable, 409, .generationEnded, isPublished: false),
        entry(.storageFull, 503, .diskFull, isPublished: false),
        entry(.storageQuotaExceeded, 403, .storageQuotaReached, isPublished: false),
        entry(
            .unauthorized, 401, message: "The request carries no valid key.",
            suggestion: "Send the key in the x-api-key header.", isPublished: false),
        entry(.insufficientBalance, 402, .creditsExhausted, isPublished: false),
        entry(
            .modelNotFound, 404, message: "There is no model of that identifier.",
            suggestion: "Choose one from the model list.", isPublished: false),
        entry(
            .moderationFailed, 422, message: "The request was refused by the rules of this installation.",
            suggestion: "Change the input.", isPublished: false),
        entry(.imageSubjectNotDetected, 422, .subjectNotFound, isPublished: false),
        entry(.assetNotUploaded, 400, .assetEmpty, isPublished: false),
    ]
}
