public import Generations

/// What clients of this interface are told of a failure of the domain.
struct SyncCause {
    let code: SyncCode
    let status: Int

    /// The one table from the domain's failures to this interface.
    init(_ cause: FailureCode) {
        switch cause {
        case .requestInvalid: self.init(wire: .generationInputValidationFailed)
        case .modelUnknown: self.init(wire: .generationUnsupportedModel)
        case .notOffered: self.init(wire: .planFeatureUnavailable)
        case .notOfferedHere: self.init(wire: .planFeatureUnavailable, status: 422)
        case .segmentsInvalid: self.init(wire: .generationInputSegmentsInvalid)
        case .trimInvalid: self.init(wire: .generationInputTrimInvalid)
        case .speakerInvalid: self.init(wire: .generationInputFaceSelectionInvalid)
        case .textTooLong: self.init(wire: .generationTextLengthExceeded)
        case .visualMissing: self.init(wire: .generationVideoMissing)
        case .voiceMissing: self.init(wire: .generationAudioMissing)
        case .idempotencyKeyInvalid: self.init(wire: .invalidIdempotencyKey)
        case .idempotencyKeyReused: self.init(wire: .idempotencyKeyConflict)
        case .videoInaccessible: self.init(wire: .generationInputVideoInaccessible)
        case .audioInaccessible: self.init(wire: .generationInputAudioInaccessible)
        case .imageInaccessible: self.init(wire: .generationInputImageInaccessible)
        case .videoUnusable: self.init(wire: .generationInputVideoInvalid)
        case .audioUnusable: self.init(wire: .generationInputAudioInvalid)
        case .subjectNotFound: self.init(wire: .imageSubjectNotDetected)
        case .pictureSizeUnsupported: self.init(wire: .generationInputResolutionUnsupported)
        case .inputTooLong: self.init(wire: .generationInputDurationGreaterThanMaxDuration)
        case .modelLimitExceeded: self.init(wire: .generationModelDurationExceeded)
        case .dubTooLong: self.init(wire: .dubbingDurationExceeded)
        case .fileTooLarge: self.init(wire: .fileSizeExceedsPlanLimit)
        case .mediaFactsMissing: self.init(wire: .generationMediaMetadataMissing)
        case .inspectionTimedOut: self.init(wire: .generationMediaProbeTimeout)
        case .inspectionUnavailable: self.init(wire: .generationMediaProbeUnavailable)
        case .assetKindMismatch: self.init(wire: .generationInputAssetTypeMismatch)
        case .generationNotFound: self.init(wire: .generationNotFound)
        case .generationIDInvalid: self.init(wire: .invalidGenerationId)
        case .nameTaken: self.init(wire: .generationConflict)
        case .generationNotEnded: self.init(wire: .generationNotDeletableWhileProcessing)
        case .generationEnded: self.init(wire: .generationNotCancellable)
        case .projectNotFound: self.init(wire: .projectNotFound)
        case .projectNameTaken: self.init(wire: .projectNotFound, status: 409)
        case .assetNotFound: self.init(wire: .assetNotFound)
        case .assetForeign: self.init(wire: .assetForbidden)
        case .assetIDInvalid: self.init(wire: .invalidAssetIdFormat)
        case .assetEmpty: self.init(wire: .assetNotUploaded)
        case .uploadMissing: self.init(wire: .uploadedFileNotFound)
        case .voiceNotFound: self.init(wire: .voiceNotFound)
        case .voiceNameTaken: self.init(wire: .voiceNameConflict)
        case .voiceSampleInaccessible: self.init(wire: .voiceSampleNotAccessible)
        case .voiceSampleKindWrong: self.init(wire: .voiceSampleTypeUnsupported)
        case .voiceBeingMade: self.init(wire: .voiceCloneBusy)
        case .voiceSampleSilent: self.init(wire: .voiceSampleExtractionFailed)
        case .voiceSampleTooLarge: self.init(wire: .voiceSampleSourceTooLarge)
        case .voiceSampleTooShort: self.init(wire: .voiceSampleTooShort)
        case .voiceSampleUnusable: self.init(wire: .voiceSampleInvalid)
        case .voiceLimitReached: self.init(wire: .voiceCloneLimitReached)
        case .providerKeyRefused: self.init(wire: .elevenlabsApiKeyInvalid)
        case .providerUnavailable: self.init(wire: .elevenlabsServiceUnavailable)
        case .providerTimedOut: self.init(wire: .elevenlabsServiceUnavailable, status: 504)
        case .providerQuotaExceeded: self.init(wire: .elevenlabsQuotaExceeded)
        case .providerRefused: self.init(wire: .generationInputValidationFailed, status: 422)
        case .activeLimitReached: self.init(wire: .concurrencyLimitReached)
        case .creditsExhausted: self.init(wire: .insufficientBalance)
        case .rateLimited: self.init(wire: .rateLimitExceeded)
        case .storageQuotaReached: self.init(wire: .storageQuotaExceeded)
        case .cancelled: self.init(wire: .generationCancelled)
        case .processingFailed: self.init(wire: .generationPipelineFailed)
        case .unknownFailure: self.init(wire: .generationUnknownError)
        case .storageFailed: self.init(wire: .generationInfraStorageError)
        case .resourcesExhausted: self.init(wire: .generationInfraResourceExhausted)
        case .partUnavailable: self.init(wire: .generationInfraServiceUnavailable)
        case .dependencyTimedOut: self.init(wire: .controllerTimeout)
        case .dependencyUnavailable: self.init(wire: .controllerUnavailable)
        case .dependencyFaulty: self.init(wire: .controllerDependencyError)
        case .timedOut: self.init(wire: .generationTimeout)
        case .diskFull: self.init(wire: .storageFull)
        case .internalError: self.init(wire: .internalError)
        }
    }

    private init(wire code: SyncCode, status: Int? = nil) {
        self.code = code
        self.status = status ?? code.entry.status
    }
}

extension SyncCode {
    var entry: CatalogEntry { SyncCatalog.entry(for: self) }
}

extension FailureFacts {
    /// The code under which clients of this interface see the failure.
    public var syncCode: SyncCode { SyncCause(code).code }
}
