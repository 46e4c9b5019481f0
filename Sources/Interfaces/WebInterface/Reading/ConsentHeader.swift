import Generations
import HTTP

extension Call {
    /// What the request says about consent; nil where it says nothing.
    ///
    /// - Throws: `GenerationError` of code `requestInvalid`.
    public func consent() throws -> String? { try Consent.text(headerValues: request.headers.values(Consent.header)) }
}
