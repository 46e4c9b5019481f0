import Generations
import Text
import WebInterface

/// A text to be spoken: a job of its own, or the voice of a video.
struct SpeechFields {
    static let type = "text_to_speech"

    let voiceID: String
    let text: String
    let modelID: String?
    let modelSlug: String?
    /// 0 is the most even, as this interface counts.
    let stability: Double
    let speed: Double
    let language: String

    /// Reads them; what is wrong goes into the reader.
    init(_ reader: inout FieldReader) {
        voiceID = reader.uuid("voice_id", isRequired: true) ?? ""
        text = reader.text("text", isRequired: true) ?? ""
        modelID = reader.uuid("model_id") ?? reader.uuid("ai_model_id")
        modelSlug = reader.text("model_slug")
        stability = reader.number("stability", in: 0...1) ?? 1
        speed = reader.number("speed", in: 0.7...1.2) ?? 1
        language = reader.word("language", among: Vocabulary.languages.map(\.name), isEnumeration: true) ?? "auto"
    }

    /// The code of the language, if one was chosen.
    var languageCode: String? {
        Vocabulary.languages.first { $0.name == language }.flatMap { $0.code.isEmpty ? nil : $0.code }
    }

    /// The fields as they are shown again.
    var echo: [String: JSONValue] {
        [
            "type": .string(Self.type), "voice_id": .string(voiceID), "text": .string(text),
            "model_id": .text(modelID), "model_slug": .text(modelSlug), "stability": .number(stability),
            "speed": .number(speed), "language": .string(language),
        ]
    }
}

extension GenerationController {
    /// What the voice is to say, with a voice of this server.
    ///
    /// - Throws: `Refusal` for a text that nothing can say, and for a voice that does not exist.
    func speech(_ fields: SpeechFields, organisation: OrganisationID) async throws -> (
        request: SpeechRequest, voice: Voice
    ) {
        _ = try models.model(slug: fields.modelSlug, id: fields.modelID, type: SpeechFields.type)
        guard voices.provider != nil else {
            throw Refusal(.failedPrecondition, "This installation speaks no text.", suggestion: "Send a sound.")
        }
        guard fields.text.unicodeScalars.count <= settings.scriptLimit else {
            throw Refusal(
                .invalidArgument, "The text is longer than \(settings.scriptLimit) characters.",
                suggestion: "Split the text.")
        }
        guard SpeakableText.isSpeakable(fields.text) else {
            throw Refusal(
                .invalidArgument, "The text has nothing that a voice can say.", suggestion: "Write words.")
        }
        let voice = try await voices.voice(fields.voiceID, language: fields.languageCode, organisation: organisation)
        let request = SpeechRequest(
            provider: voice.provider, voiceID: voice.id, script: fields.text,
            // The domain counts evenness, this interface its opposite.
            stability: 1 - fields.stability, speed: fields.speed)
        return (request, voice)
    }

    /// A job that speaks a text.
    func speechSubmission(_ reader: inout FieldReader, organisation: OrganisationID) async throws -> Submission {
        let fields = SpeechFields(&reader)
        let common = CommonFields(&reader, batchSize: 1)
        try reader.check()
        let (request, voice) = try await speech(fields, organisation: organisation)
        var echo = common.echo.merging(fields.echo) { $1 }
        echo["voice_name"] = .string(voice.name)
        return Submission(
            type: SpeechFields.type, common: common, echo: echo,
            request: GenerationRequest(
                model: "speech", order: .speech(request), outputFileName: "speech",
                title: common.name ?? fields.text.prefix(scalars: 80)),
            prompt: fields.text,
            credits: models.models.last { $0.type == SpeechFields.type }?
                .credits(seconds: 0, resolution: nil, characters: fields.text.count) ?? 0)
    }
}
