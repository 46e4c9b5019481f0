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
            .generationPlanDurationExceeded, 402, "The input is longer than the organisation may send.",
            "Shorten the input or have the limit raised."),
        entry(.dubbingDurationExceeded, 422, .dubTooLong),
        entry(
            .freeTierGenerationsExhausted, 402, "The free jobs of this month are used up.",
            "Wait for the next month or have the limit raised."),
        entry(.planFeatureUnavailable, 402, .notOffered),
        entry(
            .accountPaymentRequired, 402, "The organisation has an unpaid balance.",
            "Settle the balance and send the request again."),
        entry(
            .accountOnHold, 403, "The organisation is blocked.",
            "Ask the operator why."),
        entry(.voiceCloneLimitReached, 402, .voiceLimitReached),
        entry(.elevenlabsQuotaExceeded, 402, .providerQuotaExceeded),
        entry(.generationInputAssetTypeMismatch, 422, .assetKindMismatch),
        entry(
            .generationInputTooManyVisual, 400, "The request has more than one video or picture.",
            "Send exactly one visual input."),
        entry(
            .generationInputDubAudioConflict, 422,
            "Dubbing takes its sound from the video, yet the request brings sound or text of its own.",
            "Leave out either dubParams or the audio and text inputs."),
        entry(.concurrencyLimitReached, 429, .activeLimitReached),
        entry(.rateLimitExceeded, 429, .rateLimited),
        entry(.generationNotDeletableWhileProcessing, 409, .generationNotEnded),
        entry(.invalidGenerationId, 400, .generationIDInvalid),
        entry(
            .unsupportedGenerationIdFormat, 400, "The generation identifier is not a UUID.",
            "Send the id that the create call returned."),
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
            .fileNotInOrgStorage, 422, "The address does not lie in the organisation's storage.",
            "Use the address that the upload call returned."),
        entry(.fileSizeExceedsPlanLimit, 422, .fileTooLarge),
        entry(.voiceNotFound, 404, .voiceNotFound),
        entry(.voiceSampleNotAccessible, 422, .voiceSampleInaccessible),
        entry(.voiceSampleTypeUnsupported, 422, .voiceSampleKindWrong),
        entry(
            .voiceSampleUploadRequired, 422, "The voice sample must be uploaded first.",
            "Upload it as an asset and name the asset."),
        entry(.voiceSampleExtractionFailed, 422, .voiceSampleSilent),
        entry(.voiceSampleSourceTooLarge, 422, .voiceSampleTooLarge),
        entry(.voiceSampleTooShort, 422, .voiceSampleTooShort),
        entry(.voiceSampleInvalid, 422, .voiceSampleUnusable),
        entry(.voiceNameConflict, 409, .voiceNameTaken),
        entry(.voiceCloneBusy, 429, .voiceBeingMade),
        entry(.elevenlabsApiKeyInvalid, 422, .providerKeyRefused),
        entry(.elevenlabsServiceUnavailable, 503, .providerUnavailable),
        entry(
            .usageDependencyUnavailable, 503, "The accounting of usage does not answer.",
            "Try again in a minute."),
    ]

    private static func entry(
        _ code: SyncCode, _ status: Int, _ cause: FailureCode, isPublished: Bool = true
    ) -> CatalogEntry {
        CatalogEntry(
            code: code, message: cause.message, suggestion: cause.suggestion, status: status, isPublished: isPublished)
    }

    private static func entry(
        _ code: SyncCode, _ status: Int, _ message: String, _ suggestion: String, isPublished: Bool = true
    ) -> CatalogEntry {
        CatalogEntry(code: code, message: message, suggestion: suggestion, status: status, isPublished: isPublished)
    }

    private static let unpublishedEntries: [CatalogEntry] = [
        entry(.invalidIdempotencyKey, 400, .idempotencyKeyInvalid, isPublished: false),
        entry(.idempotencyKeyConflict, 409, .idempotencyKeyReused, isPublished: false),
        entry(
            .idempotencyOutcomeUnknown, 503,
            "It is not known whether the first request with this Idempotency-Key took effect.",
            "Look up the generation, or repeat the request with the same key.", isPublished: false),
        entry(
            .costEstimateUnavailable, 422, "The cost cannot be told.",
            "Send model and duration, or inputs that can be read.", isPublished: false),
        entry(
            .dialogueEditNotFound, 422, "There is no such dialogue edit.",
            "Check the identifier.", isPublished: false),
        entry(
            .dialogueEditUnsupported, 422, "Dialogue edits are not offered for this request.",
            "Leave dialogueEdit out.", isPublished: false),
        entry(
            .dialogueEditSourceMismatch, 422, "The dialogue edit was made from another video.",
            "Send the video from which it was made.", isPublished: false),
        entry(
            .dialogueEditAudioConflict, 422, "A dialogue edit brings its own sound, yet the request has audio or text.",
            "Leave out either of them.", isPublished: false),
        entry(
            .dialogueEditRetimeRequired, 422, "The edit changes the length and needs new timing.",
            "Ask for an edit that may change the timing.", isPublished: false),
        entry(
            .dialogueEditRemovalTooLarge, 422, "The edit takes away more than can be bridged.",
            "Remove a shorter part.", isPublished: false),
        entry(
            .batchPlanRequired, 403, "Batches are not enabled for this organisation.",
            "Ask the operator to enable them.", isPublished: false),
        entry(
            .batchConcurrencyLimitReached, 429, "The organisation has as many unfinished batches as it may have.",
            "Wait until a batch has finished.", isPublished: false),
        entry(.generationMediaMetadataMissing, 422, .mediaFactsMissing, isPublished: false),
        entry(
            .generationAudioLengthExceeded, 422, "The sound is too long.",
            "Shorten the sound.", isPublished: false),
        entry(.generationTextLengthExceeded, 400, .textTooLong, isPublished: false),
        entry(.generationAudioMissing, 400, .voiceMissing, isPublished: false),
        entry(.generationVideoMissing, 400, .visualMissing, isPublished: false),
        entry(.generationTimeout, 500, .timedOut, isPublished: false),
        entry(
            .batchNotFound, 404, "There is no such batch in this organisation.",
            "Check the identifier and the key.", isPublished: false),
        entry(
            .batchInputInvalid, 400, "The batch file has a line that cannot be used.",
            "Correct the named line.", isPublished: false),
        entry(.generationCancelled, 409, .cancelled, isPublished: false),
        entry(.generationNotCancellable, 409, .generationEnded, isPublished: false),
        entry(.storageFull, 503, .diskFull, isPublished: false),
        entry(.storageQuotaExceeded, 403, .storageQuotaReached, isPublished: false),
        entry(
            .unauthorized, 401, "The request carries no valid key.",
            "Send the key in the x-api-key header.", isPublished: false),
        entry(.insufficientBalance, 402, .creditsExhausted, isPublished: false),
        entry(
            .modelNotFound, 404, "There is no model of that identifier.",
            "Choose one from the model list.", isPublished: false),
        entry(
            .moderationFailed, 422, "The request was refused by the rules of this installation.",
            "Change the input.", isPublished: false),
        entry(.imageSubjectNotDetected, 422, .subjectNotFound, isPublished: false),
        entry(.assetNotUploaded, 400, .assetEmpty, isPublished: false),
    ]
}
