extension ErrorCatalog {
    static let requestEntries: [ErrorEntry] = [
        entry(
            .generationUnsupportedModel, 400, .request, isRetryable: false,
            "This server has no model of that name for this kind of job.",
            "Choose a name from the model list."),
        entry(
            .generationPipelineFailed, 500, .processing, isRetryable: true,
            "A step of making the video did not finish.",
            "Send the job again; if it fails again, check the media with another player."),
        entry(
            .generationUnknownError, 500, .processing, isRetryable: true,
            "The job ended for a reason that has no code of its own.",
            "Send the job again and report the identifier if it repeats."),
        entry(
            .generationInputValidationFailed, 400, .request, isRetryable: false,
            "The request does not have the required form.",
            "Correct the named field and send the request again."),
        entry(
            .generationInfraStorageError, 500, .service, isRetryable: true,
            "A file of the job could not be stored or read.",
            "Send the job again in a few minutes."),
        entry(
            .generationInfraResourceExhausted, 503, .service, isRetryable: true,
            "The machine has no memory, disk or time left for this job.",
            "Send a shorter or smaller input, or try again later."),
        entry(
            .generationInfraServiceUnavailable, 503, .service, isRetryable: true,
            "A part of the service that the job needs is not running.",
            "Try again in a few minutes."),
        entry(
            .generationInputVideoInaccessible, 422, .media, isRetryable: false,
            "The video could not be fetched from its address.",
            "Open the address without signing in; it must give the file itself."),
        entry(
            .generationInputAudioInaccessible, 422, .media, isRetryable: false,
            "The sound could not be fetched from its address.",
            "Open the address without signing in; it must give the file itself."),
        entry(
            .generationInputImageInaccessible, 422, .media, isRetryable: false,
            "The picture could not be fetched from its address.",
            "Open the address without signing in; it must give the file itself."),
        entry(
            .generationInputVideoInvalid, 422, .media, isRetryable: false,
            "The file given as video or picture cannot be decoded, or shows no face that can be used.",
            "Send an MP4 with H.264, or a JPEG, PNG or WebP picture, in which a face is seen well."),
        entry(
            .generationInputAudioInvalid, 422, .media, isRetryable: false,
            "The file given as audio holds no sound that can be decoded.",
            "Convert it to WAV or MP3 and send it again."),
        entry(
            .generationInputSegmentsInvalid, 422, .request, isRetryable: false,
            "The segments overlap, leave the video, or name no existing sound.",
            "Give ranges that do not overlap and a refId that an audio or text input carries."),
        entry(
            .generationInputTrimInvalid, 422, .request, isRetryable: false,
            "The part of the sound asked for does not exist.",
            "Give both ends, the first before the second, inside the sound."),
        entry(
            .generationInputFaceSelectionInvalid, 422, .request, isRetryable: false,
            "The choice of the speaker is contradictory or points outside the picture.",
            "Use either automatic detection or one manual choice, in pixels of the input."),
        entry(
            .generationInputResolutionUnsupported, 422, .media, isRetryable: false,
            "The picture is larger or smaller than this server takes.",
            "Scale a video to at most 4096 by 2160 pixels, a picture to at most 64 megapixels."),
        entry(
            .generationInputDurationGreaterThanMaxDuration, 422, .media, isRetryable: false,
            "The input is longer than this server takes.",
            "Cut the input and send the parts one by one."),
        entry(
            .generationModelDurationExceeded, 422, .media, isRetryable: false,
            "The input is longer than the chosen model takes.",
            "Shorten the input or choose another model."),
    ]

    static let accountEntries: [ErrorEntry] = [
        entry(
            .generationPlanDurationExceeded, 402, .account, isRetryable: false,
            "The input is longer than the organisation may send.",
            "Shorten the input or have the limit raised."),
        entry(
            .dubbingDurationExceeded, 422, .media, isRetryable: false,
            "The video is too long to be dubbed.",
            "Cut the video and dub the parts."),
        entry(
            .freeTierGenerationsExhausted, 402, .account, isRetryable: false,
            "The free jobs of this month are used up.",
            "Wait for the next month or have the limit raised."),
        entry(
            .planFeatureUnavailable, 402, .account, isRetryable: false,
            "This installation does not offer what the request asks for.",
            "Leave the option out, or ask the operator to enable it."),
        entry(
            .accountPaymentRequired, 402, .account, isRetryable: false,
            "The organisation has an unpaid balance.",
            "Settle the balance and send the request again."),
        entry(
            .accountOnHold, 403, .account, isRetryable: false,
            "The organisation is blocked.",
            "Ask the operator why."),
        entry(
            .voiceCloneLimitReached, 402, .voice, isRetryable: false,
            "No further voice can be made.",
            "Delete a voice that is no longer needed."),
        entry(
            .elevenlabsQuotaExceeded, 402, .voice, isRetryable: false,
            "The speech provider's quota is used up.",
            "Raise the quota at the provider or use a local voice."),
    ]

    static func entry(
        _ code: ErrorCode, _ status: Int, _ category: ErrorCategory, isRetryable: Bool, isPublished: Bool = true,
        _ message: String, _ suggestion: String
    ) -> ErrorEntry {
        ErrorEntry(
            code: code, message: message, suggestion: suggestion, status: status, isRetryable: isRetryable,
            category: category, isPublished: isPublished)
    }
}
