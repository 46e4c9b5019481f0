import Generations
import Text
import WebInterface

/// The body of an order, every field checked by itself; nothing is looked up.
struct OrderBody: Sendable {
    /// The most parts of a video.
    private static let partLimit = 100
    /// Longer names are cut by file systems.
    private static let nameLimit = 255
    /// By this name the parts' segments know the sound: without it a speaker's frame would be counted from the part.
    private static let voiceName = "voice"

    let model: OrderModel
    /// `video` or `image`.
    let kind: MediaKind
    /// The medium whose mouth changes, then the voice.
    let inputs: [MediaInput]
    let options: OrderOptions
    /// Sorted by their start.
    let segments: [Segment]
    let name: String?
    let project: String?
    let webhookURL: String?
    /// As it was sent.
    let sent: JSONValue

    /// Reads a body of no other members than `schemas` names.
    ///
    /// - Throws: `RequestError.fields`.
    init(_ fields: FieldReader, settings: LipsmithSettings) throws(RequestError) {
        var reader = fields
        let (visual, voice) = (Self.visual(&reader), Self.voice(&reader, settings))
        kind = visual?.kind ?? .video
        model = Self.model(&reader, kind)
        options = Self.options(&reader)
        segments = Self.segments(&reader, kind, usualSpeaker: options.speaker)
        var named = voice
        if !segments.isEmpty { named?.referenceName = Self.voiceName }
        inputs = [visual, named].compactMap { $0 }
        name = reader.text("name", most: Self.nameLimit, least: 1)
        project = reader.uuid("project")
        webhookURL = reader.text("webhookUrl")
        if let webhookURL,
            let problem = WebAddress.problem(
                in: webhookURL, schemes: settings.allowsPlainWebhooks ? ["http", "https"] : ["https"])
        {
            reader.report("webhookUrl", problem)
        }
        sent = .object(reader.members)
        try reader.check()
    }

    private static func visual(_ reader: inout FieldReader) -> MediaInput? {
        let before = reader.problems.count
        let (video, image) = (reader.medium("video"), reader.medium("image"))
        let isWrong = reader.problems.count > before
        switch (video, image) {
        case (_?, _?): reader.report("image", "excludes video.")
        case (let video?, nil): return MediaInput(kind: .video, role: .visual, source: video)
        case (nil, let image?): return MediaInput(kind: .image, role: .visual, source: image)
        case (nil, nil): if !isWrong { reader.report("video", "or image must be given.") }
        }
        return nil
    }

    private static func voice(_ reader: inout FieldReader, _ settings: LipsmithSettings) -> MediaInput? {
        let before = reader.problems.count
        let (audio, text) = (reader.medium("audio"), speech(&reader, settings))
        let isWrong = reader.problems.count > before
        switch (audio, text) {
        case (_?, _?): reader.report("text", "excludes audio.")
        case (let audio?, nil): return MediaInput(kind: .audio, role: .voice, source: audio)
        case (nil, let text?): return MediaInput(kind: .text, role: .voice, source: .script(text))
        case (nil, nil): if !isWrong { reader.report("audio", "or text must be given.") }
        }
        return nil
    }

    private static func speech(_ reader: inout FieldReader, _ settings: LipsmithSettings) -> SpeechRequest? {
        guard var text = reader.object("text") else { return nil }
        defer { reader.report(text) }
        text.checkNames(Set(textSchemas.keys))
        let script = text.text("script", isRequired: true, most: settings.scriptLimit, least: 1)
        if let script, !SpeakableText.isSpeakable(script) {
            text.report("script", "must have words that can be spoken.")
        }
        let voice = text.text("voice", isRequired: true, most: 256, least: 1)
        let speed = text.number("speed", in: 0.5...2)
        guard let script, let voice else { return nil }
        // Who speaks is found by the voice.
        return SpeechRequest(provider: "", voiceID: voice, script: script, speed: speed ?? 1)
    }

    private static func model(_ reader: inout FieldReader, _ kind: MediaKind) -> OrderModel {
        let name = reader.word("model", among: OrderModel.all.map(\.name))
        guard let name, let model = OrderModel.named(name) else { return OrderModel.usual(for: kind) }
        if !model.takes.contains(kind) {
            let fitting = OrderModel.all.filter { $0.takes.contains(kind) }.map(\.name).joined(separator: ", ")
            let noun = kind == .image ? "a picture" : "a video"
            reader.report("model", "does not take \(noun): it must be one of \(fitting).")
        }
        return model
    }

    private static func options(_ reader: inout FieldReader) -> OrderOptions {
        guard var nested = reader.object("options") else { return OrderOptions() }
        let options = OrderOptions(&nested)
        reader.report(nested)
        return options
    }

    private static func segments(
        _ reader: inout FieldReader, _ kind: MediaKind, usualSpeaker: OrderSpeaker?
    ) -> [Segment] {
        guard let parts = reader.objects("parts"), !parts.isEmpty else { return [] }
        guard kind == .video else {
            reader.report("parts", "are for videos: a picture speaks as a whole.")
            return []
        }
        var segments: [Segment] = []
        for var part in parts {
            if let read = OrderPart(&part, voice: 1, usualSpeaker: usualSpeaker) { segments.append(read.segment) }
            reader.report(part)
        }
        if segments.count == parts.count, let (earlier, later) = Segment.overlap(in: segments) {
            let index = max(earlier, later)
            reader.report(
                .value(
                    reader.place("parts") + [.integer(Int64(index))], "must not overlap parts[\(min(earlier, later))].")
            )
        }
        return segments.sorted { $0.precedes($1) }
    }

    static let textSchemas: [String: Schema] = [
        "script": .string(1...SpeakableText.mostCharacters), "voice": .string.described("A voice of GET /v1/voices."),
        "speed": .number(0.5...2).defaulting(to: 1),
    ]

    static let schemas: [String: Schema] = [
        "model": .oneWord(of: OrderModel.all.map(\.name))
            .described("lipsync-2 for a video and photo for a picture unless given."),
        "video": Schema.named("Medium").described("The clip whose speaker is to say something; or image."),
        "image": Schema.named("Medium").described("The picture that is to speak."),
        "audio": Schema.named("Medium").described("What is said; or text."),
        "text": .object(textSchemas, required: ["script", "voice"]),
        "options": Schema.object(OrderOptions.schemas)
            .described("GET /v1/choices says which of them a model honours; the others have no effect."),
        "parts": .list(of: .object(OrderPart.schemas, required: ["startSeconds", "endSeconds"]), 0...partLimit),
        "name": .string(1...nameLimit), "project": .uuid, "webhookUrl": .address,
    ]
}
