import Generations
import Text
import WebInterface

/// Who speaks, as an order says it.
enum OrderSpeaker: Hashable, Sendable {
    /// The largest, most present face of each shot.
    case mostPresent
    /// Whose mouth moves with the sound.
    case automatic
    /// The face at a pixel of a frame.
    case point(frame: Int, x: Double, y: Double)

    /// The domain's word; nil is its word for the most present face.
    var selection: SpeakerSelection? {
        switch self {
        case .mostPresent: nil
        case .automatic: .automatic
        case .point(let frame, let x, let y): .point(frame: frame, horizontal: x, vertical: y)
        }
    }

    static let schema = Schema.either([
        .oneWord(of: ["auto", "most-present"]),
        .object(
            [
                "frame": .integer(0...100_000_000), "x": .number(0...SpeakerBox.largestCoordinate),
                "y": .number(0...SpeakerBox.largestCoordinate),
            ], required: ["frame", "x", "y"]),
    ])
}

extension FieldReader {
    /// Who speaks; nil where that is not said or wrong.
    mutating func speaker(_ name: String) -> OrderSpeaker? {
        guard let value = members[name], !value.isNull else { return nil }
        if value.text == "auto" { return .automatic }
        if value.text == "most-present" { return .mostPresent }
        guard value.object != nil, var point = object(name) else {
            report(name, "must be auto, most-present or {\"frame\", \"x\", \"y\"}.")
            return nil
        }
        defer { report(point) }
        point.checkNames(["frame", "x", "y"])
        let pixels = 0...SpeakerBox.largestCoordinate
        let frame = point.integer("frame", in: 0...100_000_000, isRequired: true)
        let (x, y) = (point.requiredNumber("x", in: pixels), point.requiredNumber("y", in: pixels))
        guard let frame, let x, let y else { return nil }
        return .point(frame: frame, x: x, y: y)
    }

    /// A number that must be there.
    mutating func requiredNumber(_ name: String, in range: ClosedRange<Double>) -> Double? {
        guard let value = members[name], !value.isNull else {
            report(.missing(place(name)))
            return nil
        }
        return number(value, in: range, at: place(name))
    }

    /// One of an enumeration's words.
    mutating func word<Word: CaseIterable & RawRepresentable<String>>(_ name: String) -> Word? {
        word(name, among: Word.allCases.map(\.rawValue)).flatMap(Word.init(rawValue:))
    }
}

/// The object `options` of an order.
struct OrderOptions: Sendable {
    /// The longest video of a picture that can be asked for, in seconds: the model's own limit.
    private static let durations = 0.1...600.0
    /// Whole numbers that every JSON reader keeps.
    static let seeds = 0...(1 << 53) - 1

    private(set) var syncMode: SyncMode?
    private(set) var temperature: Double?
    private(set) var speaker: OrderSpeaker?
    private(set) var keepsOccluders: Bool?
    private(set) var emotion: Emotion?
    private(set) var region: ModelMode?
    private(set) var seed: Int64?
    private(set) var resolution: String?
    private(set) var aspectRatio: String?
    private(set) var durationSeconds: Double?

    /// None of them said.
    init() {}

    /// Reads them; what is wrong goes into the reader.
    init(_ reader: inout FieldReader) {
        reader.checkNames(Set(Self.schemas.keys))
        syncMode = reader.word("syncMode")
        temperature = reader.number("temperature", in: 0...1)
        speaker = reader.speaker("speaker")
        keepsOccluders = reader.flag("keepsOccluders")
        emotion = reader.word("emotion")
        region = reader.word("region")
        seed = reader.integer("seed", in: Self.seeds).map(Int64.init)
        resolution = reader.word("resolution", among: PictureDimensions.resolutions)
        aspectRatio = reader.word("aspectRatio", among: PictureDimensions.aspectRatios)
        durationSeconds = reader.number("durationSeconds", in: Self.durations)
    }

    /// What counts for new mouths in a video.
    var generationOptions: GenerationOptions {
        GenerationOptions(
            syncMode: syncMode, temperature: temperature, detectsOcclusion: keepsOccluders,
            speaker: speaker?.selection, modelMode: region, emotion: emotion, seed: seed)
    }

    /// What counts for a picture that speaks.
    ///
    /// - Parameter target: The speaker's point in shares of the picture.
    func animationParameters(target: [Double]?) -> AnimationParameters {
        AnimationParameters(
            // A feeling's own word is among those that steer an animation.
            prompt: emotion?.rawValue ?? "", resolution: resolution, aspectRatio: aspectRatio,
            durationMilliseconds: durationSeconds.map { Int(($0 * 1000).rounded()) }, target: target, seed: seed)
    }

    static let schemas: [String: Schema] = [
        "syncMode": .oneWord(of: SyncMode.self)
            .described("What happens when picture and sound differ in length; bounce unless given."),
        "temperature": .number(0...1).described("How lively the mouth moves; 0.5 is the speaker's own."),
        "speaker": OrderSpeaker.schema.described("Who speaks; the most present face unless given."),
        "keepsOccluders": .boolean.described("Whether things in front of the mouth are kept."),
        "emotion": .oneWord(of: Emotion.self).described("What the face shows."),
        "region": .oneWord(of: ModelMode.self).described("What an emotion may change; face unless given."),
        "seed": .integer(seeds).described("The start of the random numbers; 0 unless given."),
        "resolution": .oneWord(of: PictureDimensions.resolutions).described("Of a picture's video; 720p unless given."),
        "aspectRatio": .oneWord(of: PictureDimensions.aspectRatios)
            .described("Of a picture's video; the nearest to the picture's own unless given."),
        "durationSeconds": .number(durations).described("Of a picture's video; that of the sound unless given."),
    ]
}
