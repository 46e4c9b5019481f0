extension FailureCode {
    /// One sentence for people, without private detail, where the place of the failure has no better one.
    public var message: String { text.message }

    /// What to do about it, one sentence.
    public var suggestion: String { text.suggestion }

    private var text: (message: String, suggestion: String) {
        switch self {
        case .requestInvalid:
            ("The request does not have the required form.", "Correct the named field and send the request again.")
        case .modelUnknown:
            ("This server has no model of that name for this kind of job.", "Choose a name from the model list.")
        case .notOffered, .notOfferedHere:
            (
                "This installation does not offer what the request asks for.",
                "Leave the option out, or ask the operator to enable it."
            )
        case .segmentsInvalid:
            (
                "The segments overlap, leave the video, or name no existing sound.",
                "Give ranges that do not overlap and a refId that an audio or text input carries."
            )
        case .trimInvalid:
            (
                "The part of the sound asked for does not exist.",
                "Give both ends, the first before the second, inside the sound."
            )
        case .speakerInvalid:
            (
                "The choice of the speaker is contradictory or points outside the picture.",
                "Use either automatic detection or one manual choice, in pixels of the input."
            )
        case .textTooLong:
            ("The script is longer than \(SpeakableText.mostCharacters) characters.", "Split the script.")
        case .visualMissing:
            (
                "The request has neither a video nor a picture.",
                "Add one video input, or a picture where the model takes one."
            )
        case .voiceMissing:
            ("The request has neither sound nor text.", "Add one audio or text input.")
        case .idempotencyKeyInvalid:
            (
                "The Idempotency-Key header is empty, repeated or has characters that are not allowed.",
                "Send one header of 1 to 128 letters, digits, dots, underscores, tildes or hyphens."
            )
        case .idempotencyKeyReused:
            ("The Idempotency-Key was used before with another request.", "Use a new key for a new request.")
        case .videoInaccessible:
            (
                "The video could not be fetched from its address.",
                "Open the address without signing in; it must give the file itself."
            )
        case .audioInaccessible:
            (
                "The sound could not be fetched from its address.",
                "Open the address without signing in; it must give the file itself."
            )
        case .imageInaccessible:
            (
                "The picture could not be fetched from its address.",
                "Open the address without signing in; it must give the file itself."
            )
        case .videoUnusable:
            (
                "The file given as video or picture cannot be decoded, or shows no face that can be used.",
                "Send an MP4 with H.264, or a JPEG, PNG or WebP picture, in which a face is seen well."
            )
        case .audioUnusable:
            (
                "The file given as audio holds no sound that can be decoded.",
                "Convert it to WAV or MP3 and send it again."
            )
        case .subjectNotFound:
            (
                "No face that can speak was found in the picture.",
                "Send a picture in which a face looks towards the camera."
            )
        case .pictureSizeUnsupported:
            (
                "The picture is larger or smaller than this server takes.",
                "Scale a video to at most 4096 by 2160 pixels, a picture to at most 64 megapixels."
            )
        case .inputTooLong:
            ("The input is longer than this server takes.", "Cut the input and send the parts one by one.")
        case .modelLimitExceeded:
            ("The input is longer than the chosen model takes.", "Shorten the input or choose another model.")
        case .dubTooLong:
            ("The video is too long to be dubbed.", "Cut the video and dub the parts.")
        case .fileTooLarge:
            ("The file is larger than the organisation may send.", "Compress or cut the file.")
        case .mediaFactsMissing:
            ("Length or frame rate of the input cannot be read.", "Write the file anew with a common tool.")
        case .inspectionTimedOut:
            ("Looking into the input took too long.", "Try again, or upload the file as an asset first.")
        case .inspectionUnavailable:
            ("The input cannot be looked into at present.", "Try again in a minute.")
        case .assetKindMismatch:
            ("The asset is of another kind than the input that names it.", "Name an asset of the input's kind.")
        case .generationNotFound:
            ("There is no such generation in this organisation.", "Check the identifier and the key.")
        case .generationIDInvalid:
            ("The generation identifier is not valid.", "Send the id that the create call returned.")
        case .nameTaken:
            ("A generation with this identifier already exists.", "Use a fresh identifier or leave it out.")
        case .generationNotEnded:
            ("The generation has not ended yet.", "Delete it after it has completed or failed.")
        case .generationEnded:
            ("The generation has ended and cannot be cancelled.", "Delete it if its output is not wanted.")
        case .projectNotFound:
            ("There is no such project in this organisation.", "Create the project first or leave the field out.")
        case .projectNameTaken:
            ("The project's identifier is taken.", "Choose another identifier.")
        case .assetNotFound:
            ("There is no such asset.", "Check the identifier, or upload the file again.")
        case .assetForeign:
            ("The asset belongs to another organisation.", "Use an asset of the organisation that owns the key.")
        case .assetIDInvalid:
            ("The asset identifier is not a UUID.", "Send the id that the asset call returned.")
        case .assetEmpty:
            ("The asset exists, but its file has not been uploaded.", "Upload the file first.")
        case .uploadMissing:
            ("Nothing has been uploaded to this address.", "Send the file to the upload address first.")
        case .voiceNotFound:
            ("There is no voice of that identifier.", "Choose one from the voice list.")
        case .voiceNameTaken:
            ("A voice of that name exists.", "Choose another name.")
        case .voiceSampleInaccessible:
            ("The voice sample could not be fetched.", "Give an address that needs no signing in.")
        case .voiceSampleKindWrong:
            ("The voice sample is neither sound nor video.", "Send WAV, MP3 or MP4.")
        case .voiceBeingMade:
            ("Another voice is being made.", "Try again when it is done.")
        case .voiceSampleSilent:
            ("No sound could be taken from the voice sample.", "Send a file with a sound track.")
        case .voiceSampleTooLarge:
            ("The voice sample is too large.", "Send a shorter sample.")
        case .voiceSampleTooShort:
            ("The voice sample is too short.", "Record a longer sample.")
        case .voiceSampleUnusable:
            ("The voice sample cannot be used.", "Record one clear voice without music.")
        case .voiceLimitReached:
            ("No further voice can be made.", "Delete a voice that is no longer needed.")
        case .providerKeyRefused:
            ("The speech provider refuses the configured key.", "Ask the operator to set a valid key.")
        case .providerUnavailable:
            ("The speech provider does not answer.", "Try again later or use a local voice.")
        case .providerTimedOut:
            ("The speech provider did not answer in time.", "Try again later or use a local voice.")
        case .providerQuotaExceeded:
            ("The speech provider's quota is used up.", "Raise the quota at the provider or use a local voice.")
        case .providerRefused:
            ("The speech provider does not take the request.", "Check voice, script and language.")
        case .activeLimitReached:
            ("The organisation has as many unfinished jobs as it may have.", "Wait until a job has finished.")
        case .creditsExhausted:
            ("The balance does not cover the job.", "Raise the balance.")
        case .rateLimited:
            ("Too many requests arrived in a short time.", "Slow down and try again.")
        case .storageQuotaReached:
            (
                "The organisation keeps as many bytes as it may.",
                "Delete generations or assets, or ask the operator for a higher storage-quota."
            )
        case .cancelled:
            ("The generation was cancelled.", "Create it again if it is wanted after all.")
        case .processingFailed:
            (
                "A step of making the video did not finish.",
                "Send the job again; if it fails again, check the media with another player."
            )
        case .unknownFailure:
            (
                "The job ended for a reason that has no code of its own.",
                "Send the job again and report the identifier if it repeats."
            )
        case .storageFailed:
            ("A file of the job could not be stored or read.", "Send the job again in a few minutes.")
        case .resourcesExhausted:
            (
                "The machine has no memory, disk or time left for this job.",
                "Send a shorter or smaller input, or try again later."
            )
        case .partUnavailable:
            ("A part of the service that the job needs is not running.", "Try again in a few minutes.")
        case .dependencyTimedOut:
            ("A part of the service did not answer in time.", "Try again in a minute.")
        case .dependencyUnavailable:
            ("A part of the service is not reachable.", "Try again in a minute.")
        case .dependencyFaulty:
            ("A part of the service gave an answer that makes no sense.", "Try again; tell the operator if it repeats.")
        case .timedOut:
            ("The job took longer than it may.", "Send a shorter input.")
        case .diskFull:
            (
                "The server has too little free disk space to take new work.",
                "Try again later, or ask the operator to free space."
            )
        case .internalError:
            ("The server met a fault of its own.", "Try again and report the request identifier if it repeats.")
        }
    }
}
