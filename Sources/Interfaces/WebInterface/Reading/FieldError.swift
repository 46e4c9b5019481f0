import Generations
public import Text

/// One wrong field of a request. Each interface has its own words for each cause.
public struct FieldError: Error, Hashable, Sendable {
    /// What a field should hold.
    public enum Kind: Hashable, Sendable {
        case string, integer, number, flag, list, object, uuid, url, time
        /// A list of two numbers.
        case pair
    }

    /// What is wrong.
    public enum Cause: Hashable, Sendable {
        /// The field is absent and must be there.
        case missing
        /// A JSON value of another type.
        case type(Kind)
        /// A text that cannot be read as such a value, with a reason where there is one.
        case unreadable(Kind, String = "")
        /// A number with a fractional part in place of a whole one.
        case fraction
        /// A text or address with more characters than `most`.
        case tooLong(Kind, most: Int)
        case tooShort(least: Int)
        case tooManyItems(Kind, count: Int, most: Int)
        case below(least: JSONValue)
        case above(most: JSONValue)
        /// A word outside of a list: of an enumeration of the interface's, or of the words of this one field.
        case word(among: [String], isEnumeration: Bool)
        /// An address of another scheme than `http` and `https`.
        case scheme
        /// A rule of the interface's own, in its own words.
        case rule(String)
    }

    /// Where the field is: names of members and indexes of items.
    public let place: [JSONValue]
    /// What is wrong.
    public let cause: Cause
    /// The value in the request; `nil` where none is shown.
    public let input: JSONValue?

    /// Describes a wrong field.
    public init(_ cause: Cause, at place: [JSONValue], input: JSONValue? = nil) {
        self.cause = cause
        self.place = place
        self.input = input
    }

    /// A field that is absent and must be there.
    public static func missing(_ place: [JSONValue], input: JSONValue? = nil) -> FieldError {
        FieldError(.missing, at: place, input: input)
    }

    /// A rule that no other cause has a word for.
    public static func value(_ place: [JSONValue], _ message: String, input: JSONValue? = nil) -> FieldError {
        FieldError(.rule(message), at: place, input: input)
    }
}
