import Generations
import HTTP
import Text
import WebInterface

/// A request that is refused, in the contract's one form of errors.
struct V3Refusal: Error, Hashable, Sendable {
    /// What a job costs and what is left, with `insufficientBalance`.
    struct Billing: Hashable, Sendable {
        let balance: Double
        let required: Double
        /// Where somebody reads what to do.
        let fundingURL: String
    }

    let code: V3Code
    let message: String
    var status: HTTPStatus
    /// Whether the same request may succeed later.
    var isRetryable = false
    var retryAfterSeconds: Int?
    /// Every wrong field, in the order of the schema.
    var fields: [InvalidInput] = []
    var billing: Billing?
    /// Private particulars for the log.
    var detail = ""

    init(_ code: V3Code, _ message: String, status: HTTPStatus? = nil) {
        self.code = code
        self.message = message
        self.status = status ?? code.status
    }

    /// A refusal for wrong fields, of which there is one at least.
    init(fields: [InvalidInput]) {
        let message =
            fields.count == 1 ? fields[0].message : "\(fields.count) input fields are invalid; see details."
        self.init(.invalidArgument, message)
        self.fields = fields
    }

    /// A refusal of the domain.
    init(_ error: GenerationError) {
        let sentences = [error.message, error.suggestion].filter { !$0.isEmpty }.joined(separator: " ")
        self.init(V3Code(error.code), sentences)
        // A file that is too large has a status of its own.
        if error.code == .fileTooLarge { status = .contentTooLarge }
        isRetryable = error.code.isRetryable
        detail = error.detail
        if status == .tooManyRequests || status == .serviceUnavailable {
            retryAfterSeconds = error.parameters["retryAfterSeconds"]?.int ?? 2
        }
    }

    /// The refusal of one thing that does not exist for the caller.
    static func notFound(_ sentence: String) -> V3Refusal { V3Refusal(.notFound, sentence) }

    /// The `error` of an answer, and of a job.
    var json: JSONValue {
        [
            "code": .string(code.rawValue), "message": .string(message), "retryable": .bool(isRetryable),
            "retry_after": .whole(retryAfterSeconds), "param": .text(fields.first?.field),
            "details": .array(fields.map(\.json)), "replaced_by": .null,
            "billing": billing.map {
                [
                    "balance": .number($0.balance), "required": .number($0.required), "currency": "USD",
                    "funding_url": .string($0.fundingURL), "reason": .null,
                ]
            } ?? .null, "type": .string(code.type),
        ]
    }
}

extension FailureFacts {
    /// Why a job has failed, in the form of errors.
    var v3Refusal: V3Refusal {
        var refusal = V3Refusal(V3Code(code), message)
        refusal.isRetryable = code.isRetryable
        return refusal
    }
}
