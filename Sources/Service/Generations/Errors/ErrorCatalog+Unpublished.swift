extension ErrorCatalog {
    static let unpublishedEntries: [ErrorEntry] = [
        entry(
            .invalidIdempotencyKey, 400, .request, isRetryable: false, isPublished: false,
            "The Idempotency-Key header is empty, repeated or has characters that are not allowed.",
            "Send one header of 1 to 128 letters, digits, dots, underscores, tildes or hyphens."),
        entry(
            .idempotencyKeyConflict, 409, .request, isRetryable: false, isPublished: false,
            "The Idempotency-Key was used before with another request.",
            "Use a new key for a new request."),
        entry(
            .idempotencyOutcomeUnknown, 503, .service, isRetryable: true, isPublished: false,
            "It is not known whether the first request with this Idempotency-Key took effect.",
            "Look up the generation, or repeat the request with the same key."),
        entry(
            .costEstimateUnavailable, 422, .account, isRetryable: false, isPublished: false,
            "The cost cannot be told.",
            "Send model and duration, or inputs that can be read."),
        entry(
            .dialogueEditNotFound, 422, .resource, isRetryable: false, isPublished: false,
            "There is no such dialogue edit.",
            "Check the identifier."),
        entry(
            .dialogueEditUnsupported, 422, .request, isRetryable: false, isPublished: false,
            "Dialogue edits are not offered for this request.",
            "Leave dialogueEdit out."),
        entry(
            .dialogueEditSourceMismatch, 422, .request, isRetryable: false, isPublished: false,
            "The dialogue edit was made from another video.",
            "Send the video from which it was made."),
        entry(
            .dialogueEditAudioConflict, 422, .request, isRetryable: false, isPublished: false,
            "A dialogue edit brings its own sound, yet the request has audio or text.",
            "Leave out either of them."),
        entry(
            .dialogueEditRetimeRequired, 422, .request, isRetryable: false, isPublished: false,
            "The edit changes the length and needs new timing.",
            "Ask for an edit that may change the timing."),
        entry(
            .dialogueEditRemovalTooLarge, 422, .request, isRetryable: false, isPublished: false,
            "The edit takes away more than can be bridged.",
            "Remove a shorter part."),
        entry(
            .batchPlanRequired, 403, .account, isRetryable: false, isPublished: false,
            "Batches are not enabled for this organisation.",
            "Ask the operator to enable them."),
        entry(
            .batchConcurrencyLimitReached, 429, .account, isRetryable: true, isPublished: false,
            "The organisation has as many unfinished batches as it may have.",
            "Wait until a batch has finished."),
        entry(
            .generationMediaMetadataMissing, 422, .media, isRetryable: false, isPublished: false,
            "Length or frame rate of the input cannot be read.",
            "Write the file anew with a common tool."),
        entry(
            .generationAudioLengthExceeded, 422, .media, isRetryable: false, isPublished: false,
            "The sound is too long.",
            "Shorten the sound."),
        entry(
            .generationTextLengthExceeded, 400, .request, isRetryable: false, isPublished: false,
            "The script is longer than 5000 characters.",
            "Split the script."),
        entry(
            .generationAudioMissing, 400, .request, isRetryable: false, isPublished: false,
            "The request has neither sound nor text.",
            "Add one audio or text input."),
        entry(
            .generationVideoMissing, 400, .request, isRetryable: false, isPublished: false,
            "The request has neither a video nor a picture.",
            "Add one video input, or a picture where the model takes one."),
        entry(
            .generationTimeout, 500, .processing, isRetryable: true, isPublished: false,
            "The job took longer than it may.",
            "Send a shorter input."),
        entry(
            .batchNotFound, 404, .resource, isRetryable: false, isPublished: false,
            "There is no such batch in this organisation.",
            "Check the identifier and the key."),
        entry(
            .batchInputInvalid, 400, .request, isRetryable: false, isPublished: false,
            "The batch file has a line that cannot be used.",
            "Correct the named line."),
        entry(
            .generationCancelled, 409, .processing, isRetryable: false, isPublished: false,
            "The generation was cancelled.",
            "Create it again if it is wanted after all."),
        entry(
            .generationNotCancellable, 409, .processing, isRetryable: false, isPublished: false,
            "The generation has ended and cannot be cancelled.",
            "Delete it if its output is not wanted."),
        entry(
            .storageFull, 503, .service, isRetryable: true, isPublished: false,
            "The server has too little free disk space to take new work.",
            "Try again later, or ask the operator to free space."),
        entry(
            .storageQuotaExceeded, 403, .account, isRetryable: false, isPublished: false,
            "The organisation keeps as many bytes as it may.",
            "Delete generations or assets, or ask the operator for a higher storage-quota."),
        entry(
            .unauthorized, 401, .request, isRetryable: false, isPublished: false,
            "The request carries no valid key.",
            "Send the key in the x-api-key header."),
        entry(
            .insufficientBalance, 402, .account, isRetryable: false, isPublished: false,
            "The balance does not cover the job.",
            "Raise the balance."),
        entry(
            .modelNotFound, 404, .resource, isRetryable: false, isPublished: false,
            "There is no model of that identifier.",
            "Choose one from the model list."),
        entry(
            .moderationFailed, 422, .request, isRetryable: false, isPublished: false,
            "The request was refused by the rules of this installation.",
            "Change the input."),
        entry(
            .imageSubjectNotDetected, 422, .media, isRetryable: false, isPublished: false,
            "No face that can speak was found in the picture.",
            "Send a picture in which a face looks towards the camera."),
        entry(
            .assetNotUploaded, 400, .resource, isRetryable: false, isPublished: false,
            "The asset exists, but its file has not been uploaded.",
            "Upload the file first."),
    ]
}
