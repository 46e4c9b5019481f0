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
    /// A reader of the members of a JSON body, in which every other member is refused.
    func fields(_ known: some Sequence<String>, atMost limit: Int = 256 << 10) async throws -> FieldReader {
        var reader = FieldReader(try await members(atMost: limit), rules: .lipsmith)
        reader.checkNames(Set(known))
        return reader
    }

    /// A reader of the parameters of the query, in which every other parameter is refused. Empty ones count as absent.
    func query(_ known: String...) -> FieldReader {
        let query = request.query
        var reader = FieldReader(query.members(query.pairs.map(\.name)), rules: .lipsmith)
        reader.checkNames(Set(known))
        return reader
    }

    /// The `{id}` of the path as a name of `Entity`.
    ///
    /// - Parameter code: Of the error for a text that no such thing can have as its name.
    func id<Entity>(_ code: FailureCode) throws(GenerationError) -> Identifier<Entity> {
        guard let id = Identifier<Entity>(parsing: parameter()) else { throw GenerationError(code) }
        return id
    }
}
