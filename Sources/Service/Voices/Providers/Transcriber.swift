import Generations
import HTTP
import Text

/// A transcribed phrase with its time in the sound.
struct TranscribedPhrase: Hashable, Sendable {
    var startSeconds: Double
    var endSeconds: Double
    var text: String
}

/// A transcription service that speaks OpenAI's public API (`/v1/audio/transcriptions`), as whisper.cpp's server,
/// faster-whisper's and others do.
struct Transcriber: Sendable {
    let client: ServiceClient
    let modelName: String

    /// The phrases of a sound in order, and the detected language.
    ///
    /// - Throws: `GenerationError`; `CancellationError` if the task was cancelled.
    func phrases(
        in sound: String, language: String?, folder: SpeechFolder
    ) async throws -> (phrases: [TranscribedPhrase], language: String?) {
        let body = folder.output("transcription")
        var fields = [
            ("model", modelName), ("response_format", "verbose_json"), ("timestamp_granularities[]", "segment"),
        ]
        if let language { fields.append(("language", language)) }
        let type = try await MultipartBody.write(fields, file: ("file", sound, "sound.wav", "audio/wav"), to: body)
        let outcome = try await client.call(
            .post, "/v1/audio/transcriptions", contentType: type, body: .file(path: body))
        await FileBytes.remove(body)
        let answer = try Self.dependency("transcription", outcome)
        guard let segments = answer["segments"]?.array else {
            throw Self.failure("transcription", "an answer without segments")
        }
        let phrases = try segments.map { segment -> TranscribedPhrase in
            guard let start = segment["start"]?.double, let end = segment["end"]?.double, start.isFinite, end.isFinite,
                let text = segment["text"]?.text
            else { throw Self.failure("transcription", "a segment without start, end or text") }
            return TranscribedPhrase(startSeconds: max(0, start), endSeconds: max(0, end), text: text.trimmed)
        }
        return (
            phrases.filter { ScriptText.isSpeakable($0.text) && $0.endSeconds > $0.startSeconds }
                .sorted { $0.startSeconds < $1.startSeconds },
            answer["language"]?.text
        )
    }

    /// The JSON of a successful response.
    ///
    /// - Throws: `GenerationError` with the code of a failed dependency for all other outcomes.
    static func dependency(_ name: String, _ outcome: ServiceClient.Outcome) throws -> JSONValue {
        switch outcome {
        case .timedOut(let detail):
            throw GenerationError(
                .dependencyTimedOut, "The \(name) service did not answer in time.", detail: detail)
        case .unreachable(let detail):
            throw GenerationError(
                .dependencyUnavailable, "The \(name) service cannot be reached.", detail: detail)
        case .answer(let response):
            guard response.status.isSuccess else {
                throw failure(name, "status \(response.status)")
            }
            guard let value = try? JSONValue(parsing: response.bytes), value.object != nil else {
                throw failure(name, "no JSON object")
            }
            return value
        }
    }

    static func failure(_ name: String, _ detail: String) -> GenerationError {
        GenerationError(
            .dependencyFaulty, "The \(name) service gave an answer that cannot be used.", detail: detail)
    }
}
