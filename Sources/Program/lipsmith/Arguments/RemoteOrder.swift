import LipSync
import Text

/// What `lipsmith remote submit` is to order, as its options say it. Whether the server offers it, the server knows.
struct RemoteOrder: Sendable {
    /// A medium: a file of this machine, or an address that the server fetches.
    struct Medium: Sendable {
        /// Its name in the order.
        let field: String
        let place: String

        var isAddress: Bool { place.hasPrefix("http://") || place.hasPrefix("https://") }
    }

    /// The media, which become assets of the server.
    let media: [Medium]
    /// The order's other members.
    let members: [String: JSONValue]

    /// Takes the options.
    init(_ arguments: inout ArgumentReader) throws {
        let (video, photo) = (try arguments.takeValue("--video"), try arguments.takeValue("--photo"))
        let (audio, text) = (try arguments.takeValue("--audio"), try arguments.takeValue("--text"))
        let voice = try arguments.takeValue("--voice")
        guard (video == nil) != (photo == nil) else { throw UsageError(message: "Give either --video or --photo.") }
        guard (audio == nil) != (text == nil) else { throw UsageError(message: "Give either --audio or --text.") }
        guard voice == nil || text != nil else { throw UsageError(message: "--voice needs --text.") }
        media = [("video", video), ("image", photo), ("audio", audio)].compactMap { field, place in
            place.map { Medium(field: field, place: $0) }
        }
        var members: [String: JSONValue] = [:]
        for (member, option) in [
            ("model", try arguments.takeValue("--model")), ("name", try arguments.takeValue("--name")),
            ("project", try arguments.takeValue("--project")),
            ("webhookUrl", try arguments.takeValue("--webhook-url")),
        ] { members[member] = option.map(JSONValue.string) }
        if let text {
            var speech: [String: JSONValue] = [
                "script": .string(text == "-" ? try SpokenText.standardInput() : text)
            ]
            speech["voice"] = voice.map(JSONValue.string)
            speech["speed"] = try arguments.takeNumber("--speed", in: 0.5...2.0).map(JSONValue.number)
            members["text"] = .object(speech)
        }
        let options = try Self.options(&arguments)
        if !options.isEmpty { members["options"] = .object(options) }
        let segments = try arguments.takeValues("--segment")
        if !segments.isEmpty {
            members["parts"] = .array(try SegmentOption.parts(segments, RenderPart(audioPath: "")).map(Self.part))
        }
        self.members = members
    }

    private static func options(_ arguments: inout ArgumentReader) throws -> [String: JSONValue] {
        var options: [String: JSONValue] = [:]
        for (member, option) in [
            ("syncMode", try arguments.takeValue("--sync-mode")), ("emotion", try arguments.takeValue("--emotion")),
            ("region", try arguments.takeValue("--region")),
            ("resolution", try arguments.takeValue("--resolution")),
            ("aspectRatio", try arguments.takeValue("--aspect-ratio")),
        ] { options[member] = option.map(JSONValue.string) }
        options["temperature"] = try arguments.takeNumber("--temperature", in: 0.0...1).map(JSONValue.number)
        options["durationSeconds"] = try arguments.takeNumber("--duration", in: 0.1...600.0).map(JSONValue.number)
        options["seed"] = try arguments.takeNumber("--seed", in: 0...Int64(1) << 53 - 1).map(JSONValue.integer)
        if arguments.takeFlag("--keep-occluders") { options["keepsOccluders"] = true }
        options["speaker"] = try SpeakerOption.take(&arguments).map(speaker)
        return options
    }

    private static func speaker(_ choice: SpeakerChoice) -> JSONValue {
        switch choice {
        case .automatic: "auto"
        case .point(let frame, let x, let y, _):
            ["frame": .integer(Int64(frame)), "x": .number(Double(x)), "y": .number(Double(y))]
        case .mostPresent, .boxes: "most-present"
        }
    }

    private static func part(_ part: RenderPart) -> JSONValue {
        var members: [String: JSONValue] = [:]
        if case .seconds(let start, let end)? = part.range {
            (members["startSeconds"], members["endSeconds"]) = (.number(start), .number(end))
        }
        if let sound = part.audioRange {
            members["audioStartSeconds"] = .number(sound.startSeconds)
            members["audioEndSeconds"] = .number(sound.endSeconds)
        }
        return .object(members)
    }
}
