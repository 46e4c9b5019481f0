import Generations

/// What clients of this interface are told of a failure of the domain: the contract's class, and the code that an ended
/// generation shows beside it.
struct HedraCause {
    let failureClass: FailureClass
    let code: String

    /// The one table from the domain's failures to this interface.
    init(_ cause: FailureCode) {
        switch cause {
        case .requestInvalid: self.init(.invalidArgument, "generation_input_validation_failed")
        case .modelUnknown: self.init(.invalidArgument, "generation_unsupported_model")
        case .notOffered: self.init(.failedPrecondition, "plan_feature_unavailable")
        case .notOfferedHere: self.init(.failedPrecondition, "plan_feature_unavailable")
        case .segmentsInvalid: self.init(.invalidArgument, "generation_input_segments_invalid")
        case .trimInvalid: self.init(.invalidArgument, "generation_input_trim_invalid")
        case .speakerInvalid: self.init(.invalidArgument, "generation_input_face_selection_invalid")
        case .textTooLong: self.init(.invalidArgument, "generation_text_length_exceeded")
        case .visualMissing: self.init(.invalidArgument, "generation_video_missing")
        case .voiceMissing: self.init(.invalidArgument, "generation_audio_missing")
        case .idempotencyKeyInvalid: self.init(.invalidArgument, "INVALID_IDEMPOTENCY_KEY")
        case .idempotencyKeyReused: self.init(.invalidArgument, "IDEMPOTENCY_KEY_CONFLICT")
        case .videoInaccessible: self.init(.invalidArgument, "generation_input_video_inaccessible")
        case .audioInaccessible: self.init(.invalidArgument, "generation_input_audio_inaccessible")
        case .imageInaccessible: self.init(.invalidArgument, "generation_input_image_inaccessible")
        case .videoUnusable: self.init(.invalidArgument, "generation_input_video_invalid")
        case .audioUnusable: self.init(.invalidArgument, "generation_input_audio_invalid")
        case .subjectNotFound: self.init(.invalidArgument, "image_subject_not_detected")
        case .pictureSizeUnsupported: self.init(.invalidArgument, "generation_input_resolution_unsupported")
        case .inputTooLong: self.init(.invalidArgument, "generation_input_duration_greater_than_max_duration")
        case .modelLimitExceeded: self.init(.invalidArgument, "generation_model_duration_exceeded")
        case .dubTooLong: self.init(.invalidArgument, "dubbing_duration_exceeded")
        case .fileTooLarge: self.init(.invalidArgument, "file_size_exceeds_plan_limit")
        case .mediaFactsMissing: self.init(.invalidArgument, "generation_media_metadata_missing")
        case .inspectionTimedOut: self.init(.unavailable, "generation_media_probe_timeout")
        case .inspectionUnavailable: self.init(.unavailable, "generation_media_probe_unavailable")
        case .assetKindMismatch: self.init(.invalidArgument, "generation_input_asset_type_mismatch")
        case .generationNotFound: self.init(.notFound, "generation_not_found")
        case .generationIDInvalid: self.init(.invalidArgument, "invalid_generation_id")
        case .nameTaken: self.init(.alreadyExists, "generation_conflict")
        case .generationNotEnded: self.init(.invalidArgument, "generation_not_deletable_while_processing")
        case .generationEnded: self.init(.internalFault, "generation_not_cancellable")
        case .projectNotFound: self.init(.invalidArgument, "project_not_found")
        case .projectNameTaken: self.init(.invalidArgument, "project_not_found")
        case .assetNotFound: self.init(.notFound, "asset_not_found")
        case .assetForeign: self.init(.notFound, "asset_forbidden")
        case .assetIDInvalid: self.init(.invalidArgument, "invalid_asset_id_format")
        case .assetEmpty: self.init(.failedPrecondition, "asset_not_uploaded")
        case .uploadMissing: self.init(.invalidArgument, "uploaded_file_not_found")
        case .voiceNotFound: self.init(.notFound, "voice_not_found")
        case .voiceNameTaken: self.init(.invalidArgument, "voice_name_conflict")
        case .voiceSampleInaccessible: self.init(.invalidArgument, "voice_sample_not_accessible")
        case .voiceSampleKindWrong: self.init(.invalidArgument, "voice_sample_type_unsupported")
        case .voiceBeingMade: self.init(.invalidArgument, "voice_clone_busy")
        case .voiceSampleSilent: self.init(.invalidArgument, "voice_sample_extraction_failed")
        case .voiceSampleTooLarge: self.init(.invalidArgument, "voice_sample_source_too_large")
        case .voiceSampleTooShort: self.init(.invalidArgument, "voice_sample_too_short")
        case .voiceSampleUnusable: self.init(.invalidArgument, "voice_sample_invalid")
        case .voiceLimitReached: self.init(.invalidArgument, "voice_clone_limit_reached")
        case .providerKeyRefused: self.init(.unavailable, "elevenlabs_api_key_invalid")
        case .providerUnavailable: self.init(.unavailable, "elevenlabs_service_unavailable")
        case .providerTimedOut: self.init(.unavailable, "elevenlabs_service_unavailable")
        case .providerQuotaExceeded: self.init(.resourceExhausted, "elevenlabs_quota_exceeded")
        case .providerRefused: self.init(.invalidArgument, "generation_input_validation_failed")
        case .activeLimitReached: self.init(.resourceExhausted, "concurrency_limit_reached")
        case .creditsExhausted: self.init(.missingCredits, "insufficient_balance")
        case .rateLimited: self.init(.resourceExhausted, "rate_limit_exceeded")
        case .storageQuotaReached: self.init(.resourceExhausted, "storage_quota_exceeded")
        case .cancelled: self.init(.internalFault, "generation_cancelled")
        case .processingFailed: self.init(.internalFault, "generation_pipeline_failed")
        case .unknownFailure: self.init(.internalFault, "generation_unknown_error")
        case .storageFailed: self.init(.unavailable, "generation_infra_storage_error")
        case .resourcesExhausted: self.init(.resourceExhausted, "generation_infra_resource_exhausted")
        case .partUnavailable: self.init(.unavailable, "generation_infra_service_unavailable")
        case .dependencyTimedOut: self.init(.deadlineExceeded, "controller_timeout")
        case .dependencyUnavailable: self.init(.unavailable, "controller_unavailable")
        case .dependencyFaulty: self.init(.unavailable, "controller_dependency_error")
        case .timedOut: self.init(.deadlineExceeded, "generation_timeout")
        case .diskFull: self.init(.unavailable, "storage_full")
        case .internalError: self.init(.internalFault, "internal_error")
        }
    }

    private init(_ failureClass: FailureClass, _ code: String) {
        self.failureClass = failureClass
        self.code = code
    }
}
