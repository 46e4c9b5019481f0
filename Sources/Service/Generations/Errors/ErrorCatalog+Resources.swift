extension ErrorCatalog {
    static let resourceEntries: [ErrorEntry] = [
        entry(
            .generationInputAssetTypeMismatch, 422, .media, isRetryable: false,
            "The asset is of another kind than the input that names it.",
            "Name an asset of the input's kind."),
        entry(
            .generationInputTooManyVisual, 400, .request, isRetryable: false,
            "The request has more than one video or picture.",
            "Send exactly one visual input."),
        entry(
            .generationInputDubAudioConflict, 422, .request, isRetryable: false,
            "Dubbing takes its sound from the video, yet the request brings sound or text of its own.",
            "Leave out either dubParams or the audio and text inputs."),
        entry(
            .concurrencyLimitReached, 429, .account, isRetryable: true,
            "The organisation has as many unfinished jobs as it may have.",
            "Wait until a job has finished."),
        entry(
            .rateLimitExceeded, 429, .account, isRetryable: true,
            "Too many requests arrived in a short time.",
            "Slow down and try again."),
        entry(
            .generationNotDeletableWhileProcessing, 409, .resource, isRetryable: false,
            "The generation has not ended yet.",
            "Delete it after it has completed or failed."),
        entry(
            .invalidGenerationId, 400, .request, isRetryable: false,
            "The generation identifier is not valid.",
            "Send the id that the create call returned."),
        entry(
            .unsupportedGenerationIdFormat, 400, .request, isRetryable: false,
            "The generation identifier is not a UUID.",
            "Send the id that the create call returned."),
        entry(
            .generationNotFound, 404, .resource, isRetryable: false,
            "There is no such generation in this organisation.",
            "Check the identifier and the key."),
        entry(
            .generationConflict, 409, .resource, isRetryable: false,
            "A generation with this identifier already exists.",
            "Use a fresh identifier or leave it out."),
        entry(
            .generationMediaProbeTimeout, 503, .media, isRetryable: true,
            "Looking into the input took too long.",
            "Try again, or upload the file as an asset first."),
        entry(
            .generationMediaProbeUnavailable, 503, .service, isRetryable: true,
            "The input cannot be looked into at present.",
            "Try again in a minute."),
        entry(
            .controllerTimeout, 504, .service, isRetryable: true,
            "A part of the service did not answer in time.",
            "Try again in a minute."),
        entry(
            .controllerUnavailable, 503, .service, isRetryable: true,
            "A part of the service is not reachable.",
            "Try again in a minute."),
        entry(
            .controllerDependencyError, 502, .service, isRetryable: true,
            "A part of the service gave an answer that makes no sense.",
            "Try again; tell the operator if it repeats."),
        entry(
            .internalError, 500, .service, isRetryable: true,
            "The server met a fault of its own.",
            "Try again and report the request identifier if it repeats."),
        entry(
            .projectNotFound, 422, .resource, isRetryable: false,
            "There is no such project in this organisation.",
            "Create the project first or leave the field out."),
        entry(
            .assetNotFound, 404, .resource, isRetryable: false,
            "There is no such asset.",
            "Check the identifier, or upload the file again."),
        entry(
            .assetForbidden, 403, .resource, isRetryable: false,
            "The asset belongs to another organisation.",
            "Use an asset of the organisation that owns the key."),
        entry(
            .invalidAssetIdFormat, 400, .request, isRetryable: false,
            "The asset identifier is not a UUID.",
            "Send the id that the asset call returned."),
        entry(
            .uploadedFileNotFound, 422, .resource, isRetryable: false,
            "Nothing has been uploaded to this address.",
            "Send the file to the upload address first."),
        entry(
            .fileNotInOrgStorage, 422, .resource, isRetryable: false,
            "The address does not lie in the organisation's storage.",
            "Use the address that the upload call returned."),
        entry(
            .fileSizeExceedsPlanLimit, 422, .media, isRetryable: false,
            "The file is larger than the organisation may send.",
            "Compress or cut the file."),
    ]

    static let voiceEntries: [ErrorEntry] = [
        entry(
            .voiceNotFound, 404, .voice, isRetryable: false,
            "There is no voice of that identifier.",
            "Choose one from the voice list."),
        entry(
            .voiceSampleNotAccessible, 422, .voice, isRetryable: false,
            "The voice sample could not be fetched.",
            "Give an address that needs no signing in."),
        entry(
            .voiceSampleTypeUnsupported, 422, .voice, isRetryable: false,
            "The voice sample is neither sound nor video.",
            "Send WAV, MP3 or MP4."),
        entry(
            .voiceSampleUploadRequired, 422, .voice, isRetryable: false,
            "The voice sample must be uploaded first.",
            "Upload it as an asset and name the asset."),
        entry(
            .voiceSampleExtractionFailed, 422, .voice, isRetryable: false,
            "No sound could be taken from the voice sample.",
            "Send a file with a sound track."),
        entry(
            .voiceSampleSourceTooLarge, 422, .voice, isRetryable: false,
            "The voice sample is too large.",
            "Send a shorter sample."),
        entry(
            .voiceSampleTooShort, 422, .voice, isRetryable: false,
            "The voice sample is too short.",
            "Record a longer sample."),
        entry(
            .voiceSampleInvalid, 422, .voice, isRetryable: false,
            "The voice sample cannot be used.",
            "Record one clear voice without music."),
        entry(
            .voiceNameConflict, 409, .voice, isRetryable: false,
            "A voice of that name exists.",
            "Choose another name."),
        entry(
            .voiceCloneBusy, 429, .voice, isRetryable: true,
            "Another voice is being made.",
            "Try again when it is done."),
        entry(
            .elevenlabsApiKeyInvalid, 422, .voice, isRetryable: false,
            "The speech provider refuses the configured key.",
            "Ask the operator to set a valid key."),
        entry(
            .elevenlabsServiceUnavailable, 503, .voice, isRetryable: true,
            "The speech provider does not answer.",
            "Try again later or use a local voice."),
    ]

    static let serviceEntries: [ErrorEntry] = [
        entry(
            .usageDependencyUnavailable, 503, .service, isRetryable: true,
            "The accounting of usage does not answer.",
            "Try again in a minute.")
    ]
}
