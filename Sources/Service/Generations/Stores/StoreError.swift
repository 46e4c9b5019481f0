/// Why a store could not do what was asked, though nothing was wrong with the question.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The stable name.
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// No room is left.
        public static let full = Code(rawValue: "store_full")
        /// Somebody else holds the store for too long.
        public static let busy = Code(rawValue: "store_busy")
        /// The store cannot be read or written at present.
        public static let unavailable = Code(rawValue: "store_unavailable")
        /// What is stored is damaged.
        public static let damaged = Code(rawValue: "store_damaged")
        /// What is stored was written by a newer program.
        public static let tooNew = Code(rawValue: "store_too_new")
        /// The store refused a statement: a fault of this program.
        public static let refused = Code(rawValue: "store_refused")
    }

    /// What kind of trouble it is.
    public let code: Code
    /// The driver's own number, kept as it came.
    public let driverCode: Int
    /// Private particulars for logs.
    public let detail: String

    public init(code: Code, driverCode: Int = 0, detail: String) {
        self.code = code
        self.driverCode = driverCode
        self.detail = detail
    }

    /// Whether the same call may succeed later. Nothing of a failed call is stored, but for one case: where a server of a
    /// database goes away while it stores, and does not come back within seconds, nobody knows.
    public var isRetryable: Bool { code == .full || code == .busy || code == .unavailable }

    /// What to answer a client.
    public var publicError: GenerationError {
        GenerationError(isRetryable ? .partUnavailable : .internalError, detail: description)
    }

    /// Kind, number and particulars, for logs.
    public var description: String { "\(code.rawValue) (\(driverCode)): \(detail)" }
}
