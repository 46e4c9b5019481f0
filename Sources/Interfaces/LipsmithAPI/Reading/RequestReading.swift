import Generations
import HTTP
import Text
import WebInterface

extension FieldRules {
    /// JSON's own types; queries have the words.
    static let lipsmith = FieldRules(
        errorLimit: 20, trueWords: ["true"], falseWords: ["false"], takesNumbersAsFlags: false, trimsNumbers: false)
}

extension Call {
    /// A reader of the members of a JSON body.
    func fields(atMost limit: Int = 256 << 10) async throws -> FieldReader {
        FieldReader(try await members(atMost: limit), rules: .lipsmith)
    }

    /// The `{id}` of the path as a name of `Entity`.
    ///
    /// - Parameter code: Of the error for a text that no such thing can have as its name.
    func id<Entity>(_ code: FailureCode) throws(GenerationError) -> Identifier<Entity> {
        guard let id = Identifier<Entity>(parsing: parameter()) else { throw GenerationError(code) }
        return id
    }
}

/// Which page of a list is asked for.
struct PageQuery<Entity> {
    /// How many items it has at most.
    let limit: Int
    /// The item that stands before its first; nil for the first page.
    let cursor: Identifier<Entity>?

    /// The query's parameters of every list.
    static var parameters: [Endpoint.Parameter] {
        [
            .query("limit", Schema.integer(1...100).defaulting(to: 50), "How many items at most."),
            .query("cursor", .uuid, "The next of the page before."),
        ]
    }

    /// Reads it; what is wrong goes into the reader.
    init(_ reader: inout FieldReader) {
        limit = reader.integer("limit", in: 1...100) ?? 50
        cursor = reader.uuid("cursor").map(Identifier.init(rawValue:))
    }
}

extension HTTPQuery {
    /// A reader of the parameters that a list knows.
    func reader(_ names: String...) -> FieldReader {
        FieldReader(members(["limit", "cursor"] + names), rules: .lipsmith)
    }
}

extension HTTPResponse {
    /// A page of a list.
    static func page(_ items: [JSONValue], next: String?) -> HTTPResponse {
        .json(["items": .array(items), "next": .text(next)])
    }
}
