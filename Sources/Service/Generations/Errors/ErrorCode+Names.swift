extension ErrorCode {
    /// This server has no model of that name for this kind of job.
    public static let generationUnsupportedModel = ErrorCode(rawValue: "generation_unsupported_model")
    /// A step of making the video did not finish.
    public static let generationPipelineFailed = ErrorCode(rawValue: "generation_pipeline_failed")
    /// The job ended for a reason that has no code of its own.
    public static let generationUnknownError = ErrorCode(rawValue: "generation_unknown_error")
    /// The request does not have the required form.
    public static let generationInputValidationFailed = ErrorCode(rawValue: "generation_input_validation_failed")
    /// A file of the job could not be stored or read.
    public static let generationInfraStorageError = ErrorCode(rawValue: "generation_infra_storage_error")
    /// The machine has no memory, disk or time left for this job.
    public static let generationInfraResourceExhausted = ErrorCode(rawValue: "generation_infra_resource_exhausted")
    /// A part of the service that the job needs is not running.
    public static let generationInfraServiceUnavailable = ErrorCode(rawValue: "generation_infra_service_unavailable")
    /// The video could not be fetched from its address.
    public static let generationInputVideoInaccessible = ErrorCode(rawValue: "generation_input_video_inaccessible")
    /// The sound could not be fetched from its address.
    public static let generationInputAudioInaccessible = ErrorCode(rawValue: "generation_input_audio_inaccessible")
    /// The picture could not be fetched from its address.
    public static let generationInputImageInaccessible = ErrorCode(rawValue: "generation_input_image_inaccessible")
    /// The file given as video or picture cannot be decoded, or shows no face that can be used.
    public static let generationInputVideoInvalid = ErrorCode(rawValue: "generation_input_video_invalid")
    /// The file given as audio holds no sound that can be decoded.
    public static let generationInputAudioInvalid = ErrorCode(rawValue: "generation_input_audio_invalid")
    /// The segments overlap, leave the video, or name no existing sound.
    public static let generationInputSegmentsInvalid = ErrorCode(rawValue: "generation_input_segments_invalid")
    /// The part of the sound asked for does not exist.
    public static let generationInputTrimInvalid = ErrorCode(rawValue: "generation_input_trim_invalid")
    /// The choice of the speaker is contradictory or points outside the picture.
    public static let generationInputFaceSelectionInvalid = ErrorCode(
        rawValue: "generation_input_face_selection_invalid")
    /// The picture is larger or smaller than this server takes.
    public static let generationInputResolutionUnsupported = ErrorCode(
        rawValue: "generation_input_resolution_unsupported")
    /// The input is longer than this server takes.
    public static let generationInputDurationGreaterThanMaxDuration = ErrorCode(
        rawValue: "generation_input_duration_greater_than_max_duration")
    /// The input is longer than the chosen model takes.
    public static let generationModelDurationExceeded = ErrorCode(rawValue: "generation_model_duration_exceeded")
    /// The input is longer than the organisation may send.
    public static let generationPlanDurationExceeded = ErrorCode(rawValue: "generation_plan_duration_exceeded")
    /// The video is too long to be dubbed.
    public static let dubbingDurationExceeded = ErrorCode(rawValue: "dubbing_duration_exceeded")
    /// The free jobs of this month are used up.
    public static let freeTierGenerationsExhausted = ErrorCode(rawValue: "free_tier_generations_exhausted")
    /// This installation does not offer what the request asks for.
    public static let planFeatureUnavailable = ErrorCode(rawValue: "plan_feature_unavailable")
    /// The organisation has an unpaid balance.
    public static let accountPaymentRequired = ErrorCode(rawValue: "account_payment_required")
    /// The organisation is blocked.
    public static let accountOnHold = ErrorCode(rawValue: "account_on_hold")
    /// No further voice can be made.
    public static let voiceCloneLimitReached = ErrorCode(rawValue: "voice_clone_limit_reached")
    /// The speech provider's quota is used up.
    public static let elevenlabsQuotaExceeded = ErrorCode(rawValue: "elevenlabs_quota_exceeded")
    /// The asset is of another kind than the input that names it.
    public static let generationInputAssetTypeMismatch = ErrorCode(rawValue: "generation_input_asset_type_mismatch")
    /// The request has more than one video or picture.
    public static let generationInputTooManyVisual = ErrorCode(rawValue: "generation_input_too_many_visual")
    /// Dubbing takes its sound from the video, yet the request brings sound or text of its own.
    public static let generationInputDubAudioConflict = ErrorCode(rawValue: "generation_input_dub_audio_conflict")
    /// The organisation has as many unfinished jobs as it may have.
    public static let concurrencyLimitReached = ErrorCode(rawValue: "concurrency_limit_reached")
    /// Too many requests arrived in a short time.
    public static let rateLimitExceeded = ErrorCode(rawValue: "rate_limit_exceeded")
    /// The generation has not ended yet.
    public static let generationNotDeletableWhileProcessing = ErrorCode(
        rawValue: "generation_not_deletable_while_processing")
    /// The generation identifier is not valid.
    public static let invalidGenerationId = ErrorCode(rawValue: "invalid_generation_id")
    /// The generation identifier is not a UUID.
    public static let unsupportedGenerationIdFormat = ErrorCode(rawValue: "unsupported_generation_id_format")
    /// There is no such generation in this organisation.
    public static let generationNotFound = ErrorCode(rawValue: "generation_not_found")
    /// A generation with this identifier already exists.
    public static let generationConflict = ErrorCode(rawValue: "generation_conflict")
    /// Looking into the input took too long.
    public static let generationMediaProbeTimeout = ErrorCode(rawValue: "generation_media_probe_timeout")
    /// The input cannot be looked into at present.
    public static let generationMediaProbeUnavailable = ErrorCode(rawValue: "generation_media_probe_unavailable")
    /// A part of the service did not answer in time.
    public static let controllerTimeout = ErrorCode(rawValue: "controller_timeout")
    /// A part of the service is not reachable.
    public static let controllerUnavailable = ErrorCode(rawValue: "controller_unavailable")
    /// A part of the service gave an answer that makes no sense.
    public static let controllerDependencyError = ErrorCode(rawValue: "controller_dependency_error")
    /// The server met a fault of its own.
    public static let internalError = ErrorCode(rawValue: "internal_error")
    /// There is no such project in this organisation.
    public static let projectNotFound = ErrorCode(rawValue: "project_not_found")
    /// There is no such asset.
    public static let assetNotFound = ErrorCode(rawValue: "asset_not_found")
    /// The asset belongs to another organisation.
    public static let assetForbidden = ErrorCode(rawValue: "asset_forbidden")
    /// The asset identifier is not a UUID.
    public static let invalidAssetIdFormat = ErrorCode(rawValue: "invalid_asset_id_format")
    /// Nothing has been uploaded to this address.
    public static let uploadedFileNotFound = ErrorCode(rawValue: "uploaded_file_not_found")
    /// The address does not lie in the organisation's storage.
    public static let fileNotInOrgStorage = ErrorCode(rawValue: "file_not_in_org_storage")
    /// The file is larger than the organisation may send.
    public static let fileSizeExceedsPlanLimit = ErrorCode(rawValue: "file_size_exceeds_plan_limit")
    /// There is no voice of that identifier.
    public static let voiceNotFound = ErrorCode(rawValue: "voice_not_found")
    /// The voice sample could not be fetched.
    public static let voiceSampleNotAccessible = ErrorCode(rawValue: "voice_sample_not_accessible")
    /// The voice sample is neither sound nor video.
    public static let voiceSampleTypeUnsupported = ErrorCode(rawValue: "voice_sample_type_unsupported")
    /// The voice sample must be uploaded first.
    public static let voiceSampleUploadRequired = ErrorCode(rawValue: "voice_sample_upload_required")
    /// No sound could be taken from the voice sample.
    public static let voiceSampleExtractionFailed = ErrorCode(rawValue: "voice_sample_extraction_failed")
    /// The voice sample is too large.
    public static let voiceSampleSourceTooLarge = ErrorCode(rawValue: "voice_sample_source_too_large")
    /// The voice sample is too short.
    public static let voiceSampleTooShort = ErrorCode(rawValue: "voice_sample_too_short")
    /// The voice sample cannot be used.
    public static let voiceSampleInvalid = ErrorCode(rawValue: "voice_sample_invalid")
    /// A voice of that name exists.
    public static let voiceNameConflict = ErrorCode(rawValue: "voice_name_conflict")
    /// Another voice is being made.
    public static let voiceCloneBusy = ErrorCode(rawValue: "voice_clone_busy")
    /// The speech provider refuses the configured key.
    public static let elevenlabsApiKeyInvalid = ErrorCode(rawValue: "elevenlabs_api_key_invalid")
    /// The speech provider does not answer.
    public static let elevenlabsServiceUnavailable = ErrorCode(rawValue: "elevenlabs_service_unavailable")
    /// The accounting of usage does not answer.
    public static let usageDependencyUnavailable = ErrorCode(rawValue: "usage_dependency_unavailable")
    /// The Idempotency-Key header is empty, repeated or has characters that are not allowed.
    public static let invalidIdempotencyKey = ErrorCode(rawValue: "INVALID_IDEMPOTENCY_KEY")
    /// The Idempotency-Key was used before with another request.
    public static let idempotencyKeyConflict = ErrorCode(rawValue: "IDEMPOTENCY_KEY_CONFLICT")
    /// It is not known whether the first request with this Idempotency-Key took effect.
    public static let idempotencyOutcomeUnknown = ErrorCode(rawValue: "IDEMPOTENCY_OUTCOME_UNKNOWN")
    /// The cost cannot be told.
    public static let costEstimateUnavailable = ErrorCode(rawValue: "cost_estimate_unavailable")
    /// There is no such dialogue edit.
    public static let dialogueEditNotFound = ErrorCode(rawValue: "dialogue_edit_not_found")
    /// Dialogue edits are not offered for this request.
    public static let dialogueEditUnsupported = ErrorCode(rawValue: "dialogue_edit_unsupported")
    /// The dialogue edit was made from another video.
    public static let dialogueEditSourceMismatch = ErrorCode(rawValue: "dialogue_edit_source_mismatch")
    /// A dialogue edit brings its own sound, yet the request has audio or text.
    public static let dialogueEditAudioConflict = ErrorCode(rawValue: "dialogue_edit_audio_conflict")
    /// The edit changes the length and needs new timing.
    public static let dialogueEditRetimeRequired = ErrorCode(rawValue: "dialogue_edit_retime_required")
    /// The edit takes away more than can be bridged.
    public static let dialogueEditRemovalTooLarge = ErrorCode(rawValue: "dialogue_edit_removal_too_large")
    /// Batches are not enabled for this organisation.
    public static let batchPlanRequired = ErrorCode(rawValue: "batch_plan_required")
    /// The organisation has as many unfinished batches as it may have.
    public static let batchConcurrencyLimitReached = ErrorCode(rawValue: "batch_concurrency_limit_reached")
    /// Length or frame rate of the input cannot be read.
    public static let generationMediaMetadataMissing = ErrorCode(rawValue: "generation_media_metadata_missing")
    /// The sound is too long.
    public static let generationAudioLengthExceeded = ErrorCode(rawValue: "generation_audio_length_exceeded")
    /// The script is longer than 5000 characters.
    public static let generationTextLengthExceeded = ErrorCode(rawValue: "generation_text_length_exceeded")
    /// The request has neither sound nor text.
    public static let generationAudioMissing = ErrorCode(rawValue: "generation_audio_missing")
    /// The request has neither a video nor a picture.
    public static let generationVideoMissing = ErrorCode(rawValue: "generation_video_missing")
    /// The job took longer than it may.
    public static let generationTimeout = ErrorCode(rawValue: "generation_timeout")
    /// There is no such batch in this organisation.
    public static let batchNotFound = ErrorCode(rawValue: "batch_not_found")
    /// The batch file has a line that cannot be used.
    public static let batchInputInvalid = ErrorCode(rawValue: "batch_input_invalid")
    /// The generation was cancelled.
    public static let generationCancelled = ErrorCode(rawValue: "generation_cancelled")
    /// The generation has ended and cannot be cancelled.
    public static let generationNotCancellable = ErrorCode(rawValue: "generation_not_cancellable")
    /// The disk is nearly full.
    public static let storageFull = ErrorCode(rawValue: "storage_full")
    /// The organisation keeps as much as it may.
    public static let storageQuotaExceeded = ErrorCode(rawValue: "storage_quota_exceeded")
    /// The request carries no valid key.
    public static let unauthorized = ErrorCode(rawValue: "unauthorized")
    /// The balance does not cover the job.
    public static let insufficientBalance = ErrorCode(rawValue: "insufficient_balance")
    /// There is no model of that identifier.
    public static let modelNotFound = ErrorCode(rawValue: "model_not_found")
    /// The request was refused by the rules of this installation.
    public static let moderationFailed = ErrorCode(rawValue: "moderation_failed")
    /// The picture shows no face that can speak.
    public static let imageSubjectNotDetected = ErrorCode(rawValue: "image_subject_not_detected")
    /// The asset exists, but its file has not been uploaded.
    public static let assetNotUploaded = ErrorCode(rawValue: "asset_not_uploaded")
}
