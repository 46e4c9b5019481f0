import Text
import WebInterface

/// One wrong field, as the contract tells of it.
struct InvalidInput: Error, Hashable, Sendable {
    /// A path such as `input.images[0]`.
    let field: String
    /// One sentence.
    let message: String
    /// A keyword of JSON Schema, or a word of this interface's own such as `expired`.
    let reason: String
    /// The values that may stand there, where they are few.
    var allowed: [String]?

    init(_ field: String, _ reason: String, _ message: String, allowed: [String]? = nil) {
        self.field = field
        self.message = message
        self.reason = reason
        self.allowed = allowed
    }

    static func missing(_ field: String) -> InvalidInput { InvalidInput(field, "required", "\(field) is required.") }

    /// What the kit has found.
    init(_ error: FieldError) {
        let field = error.place.reduce(into: "") { path, part in
            if let index = part.int {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + (part.text ?? "")
            }
        }
        let reason: String
        var allowed: [String]?
        switch error.cause {
        case .missing: reason = "required"
        case .type, .unreadable, .fraction: reason = "type"
        case .tooLong: reason = "maxLength"
        case .tooShort: reason = "minLength"
        case .tooManyItems: reason = "maxItems"
        case .below: reason = "minimum"
        case .above: reason = "maximum"
        case .word(let words, _): (reason, allowed) = ("enum", words)
        case .scheme: reason = "pattern"
        case .rule: reason = "invalid"
        }
        self.init(field, reason, "\(field) \(error.cause.predicate)", allowed: allowed)
    }

    var json: JSONValue {
        [
            "field": .string(field), "message": .string(message), "reason": .string(reason),
            "allowed": .texts(allowed),
        ]
    }
}
