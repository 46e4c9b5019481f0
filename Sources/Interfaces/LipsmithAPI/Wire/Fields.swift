import Generations
import Text
import WebInterface

extension FieldRules {
    /// This interface takes each value in its JSON type, and names the first wrong field.
    static let lipsmith = FieldRules(
        errorLimit: 1, trueWords: ["true"], falseWords: ["false"], takesNumbersAsFlags: false, trimsNumbers: false)
}

extension Call {
    /// A reader of a small JSON body.
    ///
    /// - Parameter limit: Its largest size in bytes.
    /// - Throws: `RequestError.body`.
    func fields(atMost limit: Int = 65_536) async throws -> FieldReader {
        FieldReader(try await members(atMost: limit), rules: .lipsmith)
    }
}
