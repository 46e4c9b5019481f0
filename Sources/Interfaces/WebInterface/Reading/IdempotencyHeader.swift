public import Generations
import HTTP

extension Call {
    /// The `Idempotency-Key`; nil where the request sends none.
    ///
    /// - Throws: `GenerationError` of code `idempotencyKeyInvalid`.
    public func idempotencyKey() throws -> IdempotencyKey? {
        let values = request.headers.values("Idempotency-Key")
        return values.isEmpty ? nil : try IdempotencyKey(headerValues: values)
    }
}
