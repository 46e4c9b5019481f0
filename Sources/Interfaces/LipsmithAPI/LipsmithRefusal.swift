import HTTP
import Text

/// A refusal in this interface's own words.
struct LipsmithRefusal: Error {
    var status: HTTPStatus
    var code: String
    var message: String
    var suggestion: String
    /// The field's place in the body.
    var field: String?
    /// Further members of the error.
    var facts: [String: JSONValue]

    init(
        _ status: HTTPStatus, _ code: String, _ message: String, suggestion: String, field: String? = nil,
        facts: [String: JSONValue] = [:]
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.suggestion = suggestion
        self.field = field
        self.facts = facts
    }
}
