import Generations
import Text
import WebInterface

/// A model as this interface lists it.
struct V3Model: Sendable {
    /// What makes its outputs.
    enum Work: Sendable {
        /// A picture that talks, by a model of this product.
        case talking(Model)
        /// A picture that moves without a voice.
        case moving
        /// A picture that follows a driving video.
        case following
        case speech
        case cleaning
        case conversion
        case cloning
        case enlarging
    }

    /// What a provider on the network has to be set up for.
    enum Need: Sendable {
        case nothing, voices, conversion, cloning
    }

    let id: String
    let name: String
    let summary: String
    /// `image`, `video` or `audio`.
    let modality: String
    let work: Work
    let fields: [InputField]
    /// Credits for each second of the output, each hundred characters, or each output.
    var creditsPerSecond = 0
    var creditsPerHundredCharacters = 0
    var creditsPerOutput = 0
    /// The longest output in seconds; nil where only the server's own limit counts.
    var longestSeconds: Double?

    var need: Need {
        switch work {
        case .speech: .voices
        case .conversion: .conversion
        case .cloning: .cloning
        default: .nothing
        }
    }

    /// Whether it has a level of quality, which its results show.
    var hasQuality: Bool { fields.contains { $0.name == "quality" } }

    /// What an output of that length costs, in hundredths of a dollar.
    func credits(seconds: Double, characters: Int = 0) -> Int {
        // What no medium can last, such as a forged header claims, costs as much as the longest.
        let seconds = seconds.isFinite ? min(max(seconds, 0), 1e6) : 0
        return creditsPerOutput + Int((Double(creditsPerSecond) * seconds).rounded(.up))
            + (creditsPerHundredCharacters * characters + 99) / 100
    }

    /// The entry of the list.
    var json: [String: JSONValue] {
        [
            "id": .string(id), "modality": .string(modality), "name": .string(name), "description": .string(summary),
            "price_description": .string(price), "logo_url": .null, "context_length": .null,
            "max_output_tokens": .null,
        ]
    }

    /// The entry with its schemas.
    var detail: JSONValue {
        var members = json
        members["input_schema"] = InputField.schema(fields)
        members["output_schema"] = Self.outputSchema
        members["chat"] = .null
        return .object(members)
    }

    private var price: String {
        let (credits, unit) =
            creditsPerSecond > 0
            ? (creditsPerSecond, "second of the output")
            : creditsPerHundredCharacters > 0
                ? (creditsPerHundredCharacters, "100 characters") : (creditsPerOutput, "output")
        return "\(credits) credits a \(unit) where the operator counts credits; a credit is $0.01."
    }

    /// One output of a job, as `JobViews` shows it.
    static let outputSchema: JSONValue = {
        func nullable(_ type: String) -> JSONValue { ["type": [.string(type), "null"]] }
        return [
            "type": "object",
            "properties": [
                "status": ["type": "string", "enum": ["COMPLETED", "FAILED", "EXPIRED"]],
                "asset_id": nullable("string"), "voice_id": nullable("string"), "url": nullable("string"),
                "content_type": nullable("string"), "width": nullable("integer"), "height": nullable("integer"),
                "duration_ms": nullable("integer"), "fps": nullable("integer"), "error": nullable("object"),
            ],
            "required": ["status"],
        ]
    }()
}
