import Generations
import HTTP
import Text
import WebInterface

/// Speaks texts while they are heard.
struct SpeechController: Sendable {
    let voices: SpokenVoices
    /// For sounds that are being spoken; nil speaks nothing.
    let folder: String?

    var endpoints: [Endpoint] {
        [Endpoint(.post, "/v1/audio/speech", summary: "Speak a text.", handle: speak)]
    }

    private func speak(_ call: Call) async throws -> HTTPResponse {
        let body = try SpeechBody(try await call.members(takesAnyType: true))
        guard let provider = voices.directory.provider, let folder else {
            throw GenerationError(.notOfferedHere, "This installation speaks no text.")
        }
        let voice = try await voices.voice(body.voice, organisation: call.organisation)
        let request = SpeechRequest(
            provider: voice.provider, voiceID: voice.id, script: body.input, speed: body.speed)
        let sound = try await provider.stream(
            request, as: body.format, beside: "\(folder)/\(RandomBytes.uuid())")
        // What fails before anything is heard is answered as an error; later only the end of the connection can tell.
        var beginning = sound.makeAsyncIterator()
        let first = try await beginning.next() ?? []
        guard body.isEventStream else {
            return .stream(headers: ["Content-Type": body.format.mediaType]) { writer in
                try await writer.write(first)
                for try await bytes in sound { try await writer.write(bytes) }
            }
        }
        return .stream(headers: ["Content-Type": "text/event-stream", "Cache-Control": "no-cache"]) { writer in
            try await writer.write(Self.delta(first))
            for try await bytes in sound { try await writer.write(Self.delta(bytes)) }
            try await writer.write(Self.done(characterCount: body.input.unicodeScalars.count))
        }
    }

    private static func delta(_ bytes: [UInt8]) -> String {
        event(["type": "speech.audio.delta", "audio": .string(Base64.encode(bytes))])
    }

    /// The last event. What the original counts in tokens is counted in characters.
    private static func done(characterCount: Int) -> String {
        let count = JSONValue.whole(characterCount)
        return event([
            "type": "speech.audio.done",
            "usage": ["input_tokens": count, "output_tokens": count, "total_tokens": .whole(2 * characterCount)],
        ])
    }

    private static func event(_ value: JSONValue) -> String { "data: \(value.serialized)\n\n" }
}

/// The body of a request for speech.
private struct SpeechBody {
    let input: String
    let voice: String
    let format: SpeechFormat
    let speed: Double
    let isEventStream: Bool

    private static let rules = FieldRules(
        errorLimit: 20, trueWords: ["true"], falseWords: ["false"], takesNumbersAsFlags: false, trimsNumbers: false)

    init(_ members: [String: JSONValue]) throws {
        var reader = FieldReader(members, rules: Self.rules)
        // Any name means the voices of this server.
        _ = reader.text("model", isRequired: true, least: 1)
        // The original takes 4,096.
        input = reader.text("input", isRequired: true, most: SpeakableText.mostCharacters, least: 1) ?? ""
        if !input.isEmpty, !SpeakableText.isSpeakable(input) {
            reader.report("input", "must have words that can be spoken.")
        }
        if case .object(let name)? = members["voice"] {
            var part = FieldReader(name, at: ["voice"], rules: Self.rules)
            voice = part.text("id", isRequired: true, least: 1) ?? ""
            reader.report(part)
        } else {
            voice = reader.text("voice", isRequired: true, least: 1) ?? ""
        }
        let word = reader.word("response_format", among: SpeechFormat.allCases.map(\.rawValue))
        format = word.flatMap(SpeechFormat.init) ?? .mp3
        speed = reader.number("speed", in: 0.25...4) ?? 1
        _ = reader.text("instructions")
        isEventStream = reader.word("stream_format", among: ["audio", "sse"]) == "sse"
        try reader.check()
    }
}
