import Generations
import SyncAPI
import Testing
import Text

@Suite("Codes of errors in this interface")
struct SyncCatalogTests {
    @Test("62 published codes, each once, each with words of its own and a status of the error kind")
    func entries() {
        #expect(SyncCatalog.published.count == 62)
        #expect(Set(SyncCatalog.all.map(\.code)) == Set(SyncCode.allCases))
        #expect(SyncCatalog.all.count == SyncCode.allCases.count)
        #expect(Set(SyncCatalog.published.map(\.message)).count > 55)
        for entry in SyncCatalog.all {
            #expect(entry.message.hasSuffix("."), "\(entry.code)")
            #expect(entry.suggestion.hasSuffix("."), "\(entry.code)")
            #expect((400...599).contains(entry.status), "\(entry.code)")
            #expect(entry.message.utf8.allSatisfy { $0 < 0x80 })
            #expect(entry.suggestion.utf8.allSatisfy { $0 < 0x80 })
        }
        let codes = Set(SyncCatalog.published.map(\.code.rawValue))
        for code in [
            "generation_input_video_inaccessible", "concurrency_limit_reached", "usage_dependency_unavailable",
            "voice_sample_extraction_failed", "dubbing_duration_exceeded", "file_not_in_org_storage",
        ] { #expect(codes.contains(code)) }
    }

    /// Clients match on these, so that each is written down a second time.
    private static let told: [(FailureCode, String, Int)] = [
        (.requestInvalid, "generation_input_validation_failed", 400),
        (.modelUnknown, "generation_unsupported_model", 400),
        (.notOffered, "plan_feature_unavailable", 402),
        (.notOfferedHere, "plan_feature_unavailable", 422),
        (.segmentsInvalid, "generation_input_segments_invalid", 422),
        (.trimInvalid, "generation_input_trim_invalid", 422),
        (.speakerInvalid, "generation_input_face_selection_invalid", 422),
        (.textTooLong, "generation_text_length_exceeded", 400),
        (.visualMissing, "generation_video_missing", 400),
        (.voiceMissing, "generation_audio_missing", 400),
        (.idempotencyKeyInvalid, "INVALID_IDEMPOTENCY_KEY", 400),
        (.idempotencyKeyReused, "IDEMPOTENCY_KEY_CONFLICT", 409),
        (.videoInaccessible, "generation_input_video_inaccessible", 422),
        (.audioInaccessible, "generation_input_audio_inaccessible", 422),
        (.imageInaccessible, "generation_input_image_inaccessible", 422),
        (.videoUnusable, "generation_input_video_invalid", 422),
        (.audioUnusable, "generation_input_audio_invalid", 422),
        (.subjectNotFound, "image_subject_not_detected", 422),
        (.pictureSizeUnsupported, "generation_input_resolution_unsupported", 422),
        (.inputTooLong, "generation_input_duration_greater_than_max_duration", 422),
        (.modelLimitExceeded, "generation_model_duration_exceeded", 422),
        (.dubTooLong, "dubbing_duration_exceeded", 422),
        (.fileTooLarge, "file_size_exceeds_plan_limit", 422),
        (.mediaFactsMissing, "generation_media_metadata_missing", 422),
        (.inspectionTimedOut, "generation_media_probe_timeout", 503),
        (.inspectionUnavailable, "generation_media_probe_unavailable", 503),
        (.assetKindMismatch, "generation_input_asset_type_mismatch", 422),
        (.generationNotFound, "generation_not_found", 404),
        (.generationIDInvalid, "invalid_generation_id", 400),
        (.nameTaken, "generation_conflict", 409),
        (.generationNotEnded, "generation_not_deletable_while_processing", 409),
        (.generationEnded, "generation_not_cancellable", 409),
        (.projectNotFound, "project_not_found", 422),
        (.projectNameTaken, "project_not_found", 409),
        (.assetNotFound, "asset_not_found", 404),
        (.assetForeign, "asset_forbidden", 403),
        (.assetIDInvalid, "invalid_asset_id_format", 400),
        (.assetEmpty, "asset_not_uploaded", 400),
        (.uploadMissing, "uploaded_file_not_found", 422),
        (.voiceNotFound, "voice_not_found", 404),
        (.voiceNameTaken, "voice_name_conflict", 409),
        (.voiceSampleInaccessible, "voice_sample_not_accessible", 422),
        (.voiceSampleKindWrong, "voice_sample_type_unsupported", 422),
        (.voiceBeingMade, "voice_clone_busy", 429),
        (.voiceSampleSilent, "voice_sample_extraction_failed", 422),
        (.voiceSampleTooLarge, "voice_sample_source_too_large", 422),
        (.voiceSampleTooShort, "voice_sample_too_short", 422),
        (.voiceSampleUnusable, "voice_sample_invalid", 422),
        (.voiceLimitReached, "voice_clone_limit_reached", 402),
        (.providerKeyRefused, "elevenlabs_api_key_invalid", 422),
        (.providerUnavailable, "elevenlabs_service_unavailable", 503),
        (.providerTimedOut, "elevenlabs_service_unavailable", 504),
        (.providerQuotaExceeded, "elevenlabs_quota_exceeded", 402),
        (.providerRefused, "generation_input_validation_failed", 422),
        (.activeLimitReached, "concurrency_limit_reached", 429),
        (.creditsExhausted, "insufficient_balance", 402),
        (.rateLimited, "rate_limit_exceeded", 429),
        (.storageQuotaReached, "storage_quota_exceeded", 403),
        (.cancelled, "generation_cancelled", 409),
        (.processingFailed, "generation_pipeline_failed", 500),
        (.unknownFailure, "generation_unknown_error", 500),
        (.storageFailed, "generation_infra_storage_error", 500),
        (.resourcesExhausted, "generation_infra_resource_exhausted", 503),
        (.partUnavailable, "generation_infra_service_unavailable", 503),
        (.dependencyTimedOut, "controller_timeout", 504),
        (.dependencyUnavailable, "controller_unavailable", 503),
        (.dependencyFaulty, "controller_dependency_error", 502),
        (.timedOut, "generation_timeout", 500),
        (.diskFull, "storage_full", 503),
        (.internalError, "internal_error", 500),
    ]

    @Test("every failure of the domain has a code and a status here")
    func total() {
        #expect(Set(Self.told.map(\.0)) == Set(FailureCode.allCases))
        for (failure, code, status) in Self.told {
            let error = SyncError(
                GenerationError(failure, "Words of the place.", field: .named("f"), detail: "private"))
            #expect(error.code.rawValue == code, "\(failure)")
            #expect(error.status == status, "\(failure)")
            #expect(error.message == "Words of the place.")
            #expect(error.suggestion == failure.suggestion)
            #expect(error.field == "f")
        }
    }

    @Test(
        "places of a request have Sync's paths",
        arguments: [
            (RequestField.voice, "voiceId"), (.script, "script"), (.dubbing, "dubParams"),
            (.targetLanguage, "dubParams.targetLang"), (.inputAddress(1), "input[1].url"),
            (.inputAsset(0), "input[0].assetId"), (.asset, "assetId"), (.address, "url"), (.name, "name"),
            (.inputs, "input"), (.identifier, "id"), (.cursor, "cursor"), (.project, "projectId"),
            (.idempotencyKey, "Idempotency-Key"),
            (.named("x.y"), "x.y"),
        ])
    func places(place: RequestField, path: String) {
        #expect(SyncError(GenerationError(.requestInvalid, field: place)).field == path)
    }

    @Test("an error takes what it is not given from the catalogue")
    func overrides() {
        #expect(SyncError(.generationInputVideoInaccessible).status == 422)
        #expect(SyncError(.planFeatureUnavailable, status: 422).status == 422)
        #expect(SyncError(.planFeatureUnavailable).message == FailureCode.notOffered.message)
    }

    @Test("batches: too few lines, and a name used twice")
    func batchLimits() {
        let limits = BatchLimits()
        #expect(throws: SyncError.self) { try limits.check(requestNames: ["a"]) }
        var names = (1...20).map { "r\($0)" }
        #expect(throws: Never.self) { try limits.check(requestNames: names) }
        names[6] = "r2"
        let error = #expect(throws: SyncError.self) { try limits.check(requestNames: names) }
        #expect(error?.parameters["lineNumber"] == 7)
    }
}
