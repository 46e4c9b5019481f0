import Generations
import HTTP
import Text

/// Maps ElevenLabs' errors to those of the domain.
enum ElevenLabsErrors {
    /// The error for a response with an error status.
    ///
    /// Its body is `{"detail": {"status": "…", "message": "…"}}`, or a list of wrong fields; only the status word is
    /// read.
    static func error(_ response: HTTPClientResponse, body: [UInt8]) -> GenerationError {
        let detail = (try? JSONValue(parsing: body))?["detail"]
        let word = detail?["status"]?.text ?? detail?["code"]?.text ?? ""
        let note = "status \(response.status) \(String(word.prefix(64)))"
        switch word {
        case "quota_exceeded", "insufficient_credits": return GenerationError(.providerQuotaExceeded, detail: note)
        case "invalid_api_key", "missing_permissions", "needs_authorization", "detected_unusual_activity":
            return GenerationError(.providerKeyRefused, detail: note)
        case "voice_not_found", "voice_does_not_exist", "invalid_uid":
            return GenerationError(.voiceNotFound, field: .voice, detail: note)
        case "voice_limit_reached", "voice_add_edit_limit_reached", "can_not_use_instant_voice_cloning":
            return GenerationError(.voiceLimitReached, detail: note)
        case "max_character_limit_exceeded": return GenerationError(.textTooLong, detail: note)
        case "audio_too_short", "voice_sample_too_short": return GenerationError(.voiceSampleTooShort, detail: note)
        case "invalid_sample", "upload_file_error", "audio_file_corrupt":
            return GenerationError(.voiceSampleUnusable, detail: note)
        case "upload_file_size_exceeded", "file_too_large":
            return GenerationError(.voiceSampleTooLarge, detail: note)
        case "video_too_long", "dubbing_duration_exceeded", "audio_too_long":
            return GenerationError(.dubTooLong, detail: note)
        default: break
        }
        switch response.status.rawValue {
        case 401, 403: return GenerationError(.providerKeyRefused, detail: note)
        case 402: return GenerationError(.providerQuotaExceeded, detail: note)
        case 404: return GenerationError(.voiceNotFound, field: .voice, detail: note)
        case 400, 422:
            return GenerationError(
                .providerRefused, detail: note)
        case 429:
            return GenerationError(
                .providerUnavailable, "The speech provider is asked too often at present.",
                parameters: retryAfter(response), detail: note)
        default:
            return GenerationError(.providerUnavailable, parameters: retryAfter(response), detail: note)
        }
    }

    private static func retryAfter(_ response: HTTPClientResponse) -> [String: JSONValue] {
        guard let text = response.headers["Retry-After"], let seconds = RetryAfter.seconds(text),
            seconds <= 86_400
        else { return [:] }
        return ["retryAfterSeconds": .integer(Int64(seconds.rounded(.up)))]
    }
}
