import Generations
import Text
import WebInterface

/// A part of a video and what is said in it, as an order says it.
struct OrderPart: Sendable {
    private static let seconds = 0.0...100_000.0

    let segment: Segment

    /// Reads one; what is wrong goes into the reader. Nil where it cannot be used.
    ///
    /// - Parameters:
    ///   - voice: The place of the sound among the inputs.
    ///   - usualSpeaker: Who speaks where the part does not say it.
    init?(_ reader: inout FieldReader, voice: Int, usualSpeaker: OrderSpeaker?) {
        reader.checkNames(Set(Self.schemas.keys))
        let start = reader.requiredNumber("startSeconds", in: Self.seconds)
        let end = reader.requiredNumber("endSeconds", in: Self.seconds)
        let soundStart = reader.number("audioStartSeconds", in: Self.seconds)
        let soundEnd = reader.number("audioEndSeconds", in: Self.seconds)
        var options = GenerationOptions()
        options.syncMode = reader.word("syncMode")
        options.temperature = reader.number("temperature", in: 0...1)
        options.speaker = (reader.speaker("speaker") ?? usualSpeaker)?.selection
        if let start, let end, end <= start { reader.report("endSeconds", "must be above startSeconds.") }
        if soundStart != nil, soundEnd == nil {
            reader.report("audioEndSeconds", "must be given with audioStartSeconds.")
        }
        if let soundEnd, soundEnd <= soundStart ?? 0 {
            reader.report("audioEndSeconds", "must be above audioStartSeconds.")
        }
        guard let start, let end, reader.problems.isEmpty else { return nil }
        segment = Segment(
            range: .seconds(start, end), voiceInput: voice,
            voiceCrop: soundEnd.map { VoiceCrop(start: soundStart ?? 0, end: $0) }, options: options)
    }

    static let schemas: [String: Schema] = [
        "startSeconds": .number(seconds), "endSeconds": .number(seconds),
        "audioStartSeconds": .number(seconds).described(
            "Where the used part of the sound begins; needs audioEndSeconds."),
        "audioEndSeconds": .number(seconds).described("Where it ends; without it the whole sound is used."),
        "syncMode": .oneWord(of: SyncMode.self), "temperature": .number(0...1), "speaker": OrderSpeaker.schema,
    ]
}
