import Generations
import Text
import WebInterface

/// A field of a model's input: what the published schema says of it, and what requests are checked by.
struct InputField: Sendable {
    /// A medium that a field takes.
    struct Medium: Sendable {
        let kind: MediaKind
        /// What it is for, in the contract's words.
        let role: String
        let byteLimit: Int64
        /// How long it may be, in seconds; nil where the server's own limits alone count.
        var seconds: ClosedRange<Double>?
    }

    /// What may stand in it.
    enum Form: Sendable {
        /// A text of so many characters; it may be blank unless `needsWords`.
        case text(most: Int?, needsWords: Bool)
        case word([String])
        case integer(ClosedRange<Int>, step: Int)
        case number(ClosedRange<Double>)
        case medium(Medium)
        /// A point, both coordinates 0 to 1 from the upper left corner.
        case point
        /// The number 1: more outputs of one job are not made.
        case one
    }

    let name: String
    let form: Form
    let isRequired: Bool
    let summary: String

    static func required(_ name: String, _ form: Form, _ summary: String) -> InputField {
        InputField(name: name, form: form, isRequired: true, summary: summary)
    }

    static func optional(_ name: String, _ form: Form, _ summary: String) -> InputField {
        InputField(name: name, form: form, isRequired: false, summary: summary)
    }

    // MARK: The schema

    /// The JSON Schema of an input with these fields.
    static func schema(_ fields: [InputField]) -> JSONValue {
        [
            "type": "object", "additionalProperties": false,
            "properties": .object(Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.schema) })),
            "required": .array(fields.filter(\.isRequired).map { .string($0.name) }),
        ]
    }

    private var schema: JSONValue {
        var members: [String: JSONValue]
        switch form {
        case .text(let most, let needsWords):
            members = ["type": "string"]
            if let most { members["maxLength"] = .whole(most) }
            if needsWords { members["pattern"] = .string(#"\S"#) }
        case .word(let words): members = ["type": "string", "enum": .texts(words)]
        case .integer(let range, let step):
            members = [
                "type": "integer", "minimum": .whole(range.lowerBound), "maximum": .whole(range.upperBound),
            ]
            if step > 1 { members["multipleOf"] = .whole(step) }
        case .number(let range):
            members = ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
        case .medium(let medium):
            members = [
                "oneOf": .array(MediaReference.schemas), "media_type": .string(medium.kind.rawValue),
                "role": .string(medium.role), "max_file_size_bytes": .integer(medium.byteLimit),
            ]
            if let seconds = medium.seconds {
                members["min_duration_ms"] = .integer(Int64((seconds.lowerBound * 1000).rounded()))
                members["max_duration_ms"] = .integer(Int64((seconds.upperBound * 1000).rounded()))
            }
        case .point:
            members = [
                "type": "array", "minItems": 2, "maxItems": 2,
                "items": ["type": "number", "minimum": 0, "maximum": 1],
            ]
        case .one: members = ["type": "integer", "minimum": 1, "maximum": 1, "default": 1]
        }
        members["description"] = .string(summary)
        return .object(members)
    }
}

/// How a request names a medium.
struct MediaReference: Hashable, Sendable {
    enum Source: Hashable, Sendable {
        /// An address: one of `POST /files`, or anybody's.
        case url(String)
        /// An asset, as `asset_<uuid>`.
        case asset(String)
    }

    let source: Source
    /// Where in the request, such as `input.start_image`.
    let field: String

    fileprivate static let schemas: [JSONValue] = [
        [
            "type": "object", "additionalProperties": false,
            "properties": [
                "source": ["type": "string", "enum": ["url"]], "url": ["type": "string", "format": "uri"],
            ],
            "required": ["source", "url"],
        ],
        [
            "type": "object", "additionalProperties": false,
            "properties": ["source": ["type": "string", "enum": ["asset"]], "asset_id": ["type": "string"]],
            "required": ["source", "asset_id"],
        ],
    ]

    /// Reads a medium object.
    ///
    /// - Throws: `InvalidInput`.
    init(_ value: JSONValue, at field: String) throws(InvalidInput) {
        guard let members = value.object else { throw InvalidInput(field, "type", "\(field) must be a media object.") }
        let name: String
        switch members["source"]?.text {
        case "url": name = "url"
        case "asset": name = "asset_id"
        default:
            throw InvalidInput(
                field, "enum", "\(field).source must be url or asset.", allowed: ["url", "asset"])
        }
        guard let text = members[name]?.text, !text.isEmpty else {
            throw InvalidInput(field, "required", "\(field).\(name) is required.")
        }
        if let other = members.keys.sorted().first(where: { $0 != "source" && $0 != name }) {
            throw InvalidInput(field, "additionalProperties", "\(field).\(other) does not belong beside \(name).")
        }
        self.field = field
        source = name == "url" ? .url(text) : .asset(text)
    }
}
