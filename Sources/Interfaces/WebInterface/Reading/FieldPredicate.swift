import Text

extension FieldError.Cause {
    /// What the field must be, as the rest of a sentence that begins with its name.
    public var predicate: String {
        switch self {
        case .missing: "must be given."
        case .type(let kind), .unreadable(let kind, _): "must be \(Self.noun(kind))."
        case .fraction: "must be a whole number."
        case .tooLong(_, let most): "must have at most \(most) characters."
        case .tooShort(let least): "must have at least \(least) characters."
        case .tooManyItems(_, _, let most): "must have at most \(most) items."
        case .below(let least): "must be at least \(least.serialized)."
        case .above(let most): "must be at most \(most.serialized)."
        case .word(let words, _): "must be one of \(words.joined(separator: ", "))."
        case .scheme: "must begin with http or https."
        case .rule(let predicate): predicate
        }
    }

    private static func noun(_ kind: FieldError.Kind) -> String {
        switch kind {
        case .string: "a string"
        case .integer: "a whole number"
        case .number: "a number"
        case .flag: "true or false"
        case .list: "a list"
        case .object: "an object"
        case .uuid: "a UUID"
        case .url: "an address"
        case .time: "a time in ISO 8601"
        case .pair: "a list of two numbers"
        }
    }
}
