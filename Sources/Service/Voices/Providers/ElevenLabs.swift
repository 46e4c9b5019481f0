import Generations
import HTTP
import Text

/// ElevenLabs' public API: voices, speech, clones and dubbing.
struct ElevenLabs: Sendable {
    /// The most characters of one request; longer texts are spoken in several, each with the neighbouring text as
    /// context.
    static let pieceLimit = 4500
    /// The largest dubbed sound, in bytes.
    private static let dubBytes: Int64 = 2 << 30
    /// The largest spoken or converted sound, in bytes.
    private static let speechBytes: Int64 = 256 << 20
    /// The label under which a cloned voice holds its idempotency key.
    private static let markLabel = "lipsmith"
    /// The model that converts speech to another voice; models for texts cannot.
    private static let conversionModel = "eleven_multilingual_sts_v2"

    let client: ServiceClient
    let modelName: String
    /// The longest time for a dubbing.
    let dubTimeout: Duration
    /// The interval at which the state of a dubbing is polled.
    let pollInterval: Duration
    let log: @Sendable (_ event: String, _ detail: String) -> Void

    // MARK: Voices

    /// The account's voices.
    ///
    /// - Throws: `GenerationError`.
    func voices() async throws -> [Voice] { try await entries().compactMap(Self.voice) }

    private func entries() async throws -> [JSONValue] {
        let answer = try await json(try await client.call(.get, "/v1/voices"))
        guard let entries = answer["voices"]?.array else { throw senseless("a list of voices without voices") }
        return entries
    }

    /// The voice with an id, even a shared one that is not in the account's list.
    ///
    /// - Throws: `GenerationError`, of code `voiceNotFound` when there is none.
    func voice(_ id: String) async throws -> Voice {
        guard let name = Self.encoded(id) else { throw GenerationError(.voiceNotFound, field: .voice) }
        let answer = try await json(try await client.call(.get, "/v1/voices/\(name)"))
        guard let voice = Self.voice(answer) else { throw senseless("a voice without voice_id") }
        return voice
    }

    private static func voice(_ json: JSONValue) -> Voice? {
        guard let id = json["voice_id"]?.text, !id.isEmpty else { return nil }
        return Voice(
            id: id, name: json["name"]?.text ?? id, provider: "elevenlabs",
            language: json["labels"]?["language"]?.text, gender: json["labels"]?["gender"]?.text,
            previewURL: json["preview_url"]?.text)
    }

    /// Clones a voice from a sample.
    ///
    /// - Parameter mark: The idempotency key: a voice of the account that has it is returned instead of a new one.
    /// - Throws: `GenerationError`.
    func clone(_ sample: String, name: String, mark: String?, in folder: SpeechFolder) async throws -> Voice {
        // A quote or a line end in the name would end the form field.
        var fields = [("name", name.filter { !$0.isNewline })]
        if let mark {
            if let known = try await entries().first(where: { $0["labels"]?[Self.markLabel]?.text == mark }),
                let voice = Self.voice(known)
            {
                return voice
            }
            fields.append(("labels", JSONValue.object([Self.markLabel: .string(mark)]).serialized))
        }
        let body = folder.output("clone")
        let type = try await MultipartBody.write(fields, file: ("files", sample, "sample.wav", "audio/wav"), to: body)
        let answer = try await json(
            try await client.call(
                .post, "/v1/voices/add", contentType: type, body: .file(path: body), repetition: .whenRefused))
        guard let id = answer["voice_id"]?.text, !id.isEmpty else { throw senseless("a clone without voice_id") }
        return Voice(id: id, name: name, provider: "elevenlabs")
    }

    /// Removes a voice.
    ///
    /// - Throws: `GenerationError`, of code `voiceNotFound` when there is none.
    func removeVoice(_ id: String) async throws {
        guard let name = Self.encoded(id) else { throw GenerationError(.voiceNotFound) }
        _ = try await json(try await client.call(.delete, "/v1/voices/\(name)"))
    }

    // MARK: Speech

    /// Speaks a script into files of a folder, one for each piece.
    ///
    /// - Throws: `GenerationError`; `CancellationError` if the task was cancelled.
    func speak(_ request: SpeechRequest, in folder: SpeechFolder) async throws -> [String] {
        guard ScriptPassage.passages(of: request.script).contains(where: { ScriptText.isSpeakable($0.text) }) else {
            throw LocalVoices.unspeakable
        }
        let pieces = ScriptText.pieces(of: ScriptPassage.breaks(in: request.script), limit: Self.pieceLimit)
        guard !pieces.isEmpty else { throw LocalVoices.unspeakable }
        guard let voice = Self.encoded(request.voiceID) else { throw GenerationError(.voiceNotFound, field: .voice) }
        var paths: [String] = []
        for (index, piece) in pieces.enumerated() {
            var body: [String: JSONValue] = [
                "text": .string(piece), "model_id": .string(modelName),
                "voice_settings": .compact([
                    "stability": .number(request.stability), "similarity_boost": .number(request.similarityBoost),
                    "speed": request.speed == 1 ? nil : .number(request.speed),
                ]),
            ]
            if index > 0 { body["previous_text"] = .string(pieces[index - 1]) }
            if index + 1 < pieces.count { body["next_text"] = .string(pieces[index + 1]) }
            let path = folder.output("answer-\(index)")
            let outcome = try await client.call(
                .post, "/v1/text-to-speech/\(voice)?output_format=mp3_44100_128", contentType: "application/json",
                body: .bytes(JSONValue.object(body).utf8), to: path, mostBytes: Self.speechBytes)
            try await checkSound(outcome, path)
            paths.append(path)
        }
        return paths
    }

    /// Converts speech to another voice with the same words and timing, and returns the path of the response's file.
    ///
    /// - Throws: `GenerationError`; `CancellationError` if the task was cancelled.
    func convert(_ sound: String, voiceID: String, in folder: SpeechFolder) async throws -> String {
        guard let voice = Self.encoded(voiceID) else { throw GenerationError(.voiceNotFound, field: .voice) }
        let body = folder.output("conversion")
        let type = try await MultipartBody.write(
            [("model_id", Self.conversionModel)], file: ("audio", sound, "sound.wav", "audio/wav"), to: body)
        let path = folder.output("converted")
        let outcome = try await client.call(
            .post, "/v1/speech-to-speech/\(voice)?output_format=mp3_44100_128", contentType: type,
            body: .file(path: body), to: path, mostBytes: Self.speechBytes)
        try await checkSound(outcome, path)
        return path
    }

    // MARK: Dubbing

    /// Translates the speech of a sound file into another file.
    ///
    /// - Throws: `GenerationError`; `CancellationError` if the task was cancelled.
    func dub(_ parameters: DubParameters, sound: String, in folder: SpeechFolder) async throws -> String {
        let body = folder.output("dubbing")
        let type = try await MultipartBody.write(
            [
                ("source_lang", parameters.sourceLanguage), ("target_lang", parameters.targetLanguage),
                ("num_speakers", String(parameters.speakerCount)),
                ("drop_background_audio", String(parameters.dropsBackground)), ("watermark", "false"),
            ], file: ("file", sound, "sound.wav", "audio/wav"), to: body)
        let answer = try await json(
            try await client.call(
                .post, "/v1/dubbing", contentType: type, body: .file(path: body), repetition: .whenRefused))
        await FileBytes.remove(body)
        guard let text = answer["dubbing_id"]?.text, let id = Self.encoded(text) else {
            throw senseless("a dubbing without dubbing_id")
        }
        try await waitForDub(id)
        let path = folder.output("dubbed")
        let outcome = try await client.call(
            .get, "/v1/dubbing/\(id)/audio/\(parameters.targetLanguage)", to: path, mostBytes: Self.dubBytes)
        try await checkSound(outcome, path)
        // The project is deleted at once: it holds a person's voice.
        _ = try? await client.call(.delete, "/v1/dubbing/\(id)")
        return path
    }

    private func waitForDub(_ id: String) async throws {
        let deadline = ContinuousClock.now + dubTimeout
        while true {
            let answer = try await json(try await client.call(.get, "/v1/dubbing/\(id)"))
            switch answer["status"]?.text {
            case "dubbed": return
            case "failed":
                throw GenerationError(
                    .processingFailed, "The provider could not dub the video.",
                    suggestion: "Check that it has clear speech in the source language.",
                    detail: String((answer["error"]?.text ?? "").prefix(500)))
            case nil: throw senseless("a dubbing without status")
            default: break
            }
            guard ContinuousClock.now < deadline else {
                throw GenerationError(
                    .providerTimedOut, "The provider took too long to dub the video.")
            }
            try await client.pause(pollInterval)
        }
    }

    // MARK: Answers

    private func json(_ outcome: ServiceClient.Outcome) async throws -> JSONValue {
        let response = try answer(outcome)
        guard response.status.isSuccess else { throw ElevenLabsErrors.error(response, body: response.bytes) }
        guard let value = try? JSONValue(parsing: response.bytes), value.object != nil else {
            throw senseless("no JSON object")
        }
        return value
    }

    private func checkSound(_ outcome: ServiceClient.Outcome, _ path: String) async throws {
        let response = try answer(outcome)
        guard response.status.isSuccess else {
            let body = (try? await FileBytes.read(path, atMost: 64 << 10)) ?? []
            throw ElevenLabsErrors.error(response, body: body)
        }
        let type = response.headers["Content-Type"]?.lowercased() ?? ""
        guard type.hasPrefix("audio/") || type.hasPrefix("video/") || type.hasPrefix("application/octet-stream"),
            response.byteCount > 0
        else { throw senseless("\(response.byteCount) bytes of \(type) in place of sound") }
    }

    private func answer(_ outcome: ServiceClient.Outcome) throws -> HTTPClientResponse {
        switch outcome {
        case .answer(let response): return response
        case .timedOut(let detail):
            throw GenerationError(
                .providerTimedOut, detail: detail)
        case .unreachable(let detail): throw GenerationError(.providerUnavailable, detail: detail)
        }
    }

    private func senseless(_ detail: String) -> GenerationError {
        GenerationError(
            .providerUnavailable, "The speech provider gave an answer that makes no sense.", detail: detail)
    }

    /// An id encoded for a path; `nil` when it is no id of the provider.
    static func encoded(_ id: String) -> String? {
        let isPlain = id.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                || $0 == 0x5F
        }
        return isPlain && (1...128).contains(id.utf8.count) ? id : nil
    }
}
