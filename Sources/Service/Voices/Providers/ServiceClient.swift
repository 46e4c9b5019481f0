import Generations
import HTTP

/// Calls a service that the operator has named, with patience.
package struct ServiceClient: Sendable {
    /// When a call is repeated.
    enum Repetition: Sendable {
        /// After every passing fault: the call changes nothing, or the same again.
        case always
        /// Only where the service says that it did not take the call: it would make something twice.
        case whenRefused
    }

    /// What came of a call in the end.
    enum Outcome: Sendable {
        /// An answer of whatever status.
        case answer(HTTPClientResponse)
        /// The service did not answer in time.
        case timedOut(String)
        /// The service could not be reached, or its answer broke off.
        case unreachable(String)
    }

    private static let attempts = 3
    /// A service that asks for more patience is down for this request.
    private static let longestPause = 30.0

    /// The address below which everything is, without a slash at the end.
    let base: String
    /// Fields that every call carries, secrets among them: never to be logged.
    let headers: HTTPHeaders
    let timeout: Duration
    /// Waits between two attempts; tests do not.
    let pause: @Sendable (Duration) async throws -> Void

    init(
        base: String, headers: HTTPHeaders, timeout: Duration,
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        var trimmed = base[...]
        while trimmed.last == "/" { trimmed.removeLast() }
        self.base = String(trimmed)
        self.headers = headers
        self.timeout = timeout
        self.pause = pause
    }

    /// Calls the service.
    ///
    /// - Parameters:
    ///   - path: Below the base, beginning with a slash, encoded.
    ///   - target: A file that does not exist, for the body of the answer; nil keeps it in memory.
    ///   - mostBytes: The largest answer.
    /// - Throws: `CancellationError` if the task was cancelled.
    func call(
        _ method: HTTPMethod, _ path: String, contentType: String? = nil, body: HTTPClientRequest.Body = .none,
        to target: String? = nil, mostBytes: Int64 = 16 << 20, repetition: Repetition = .always
    ) async throws -> Outcome {
        var request = HTTPClientRequest(method, base + path, headers: headers, body: body)
        if let contentType { request.headers["Content-Type"] = contentType }
        var configuration = HTTPClientConfiguration()
        // The operator chose the address; it may well be a private one. A redirect was chosen by somebody else.
        configuration.network = .unrestricted
        configuration.maximumRedirects = 0
        configuration.totalTimeout = timeout
        // A synthesiser may think for a while before its first byte.
        configuration.lowSpeedTime = .zero
        configuration.maximumBytes = mostBytes
        let client = HTTPClient(configuration)
        var attempt = 1
        while true {
            let outcome = try await Self.send(request, client, to: target, mostBytes: mostBytes)
            guard attempt < Self.attempts, let wait = Self.pause(after: outcome, attempt, repetition) else {
                return outcome
            }
            if let target { await FileBytes.remove(target) }
            attempt += 1
            try await pause(wait)
        }
    }

    private static func send(
        _ request: HTTPClientRequest, _ client: HTTPClient, to target: String?, mostBytes: Int64
    ) async throws -> Outcome {
        do {
            if let target { return .answer(try await client.download(request, to: target)) }
            return .answer(try await client.send(request, maximumBytes: mostBytes))
        } catch let error as HTTPClientError {
            return error.code == .timedOut ? .timedOut(error.description) : .unreachable(error.description)
        }
    }

    /// How long to wait before the next attempt; nil where another one is of no use.
    private static func pause(after outcome: Outcome, _ attempt: Int, _ repetition: Repetition) -> Duration? {
        let usual = Duration.seconds(0.5 * Double(1 << (attempt - 1)) * Double.random(in: 0.8...1.2))
        switch outcome {
        case .timedOut: return nil
        case .unreachable: return repetition == .always ? usual : nil
        case .answer(let response):
            let status = response.status.rawValue
            let isRefused = status == 429 || status == 503
            guard isRefused || (repetition == .always && (status == 408 || status >= 500)) else { return nil }
            guard let text = response.headers["Retry-After"] else { return usual }
            guard let seconds = RetryAfter.seconds(text), seconds <= longestPause else { return nil }
            return max(usual, .seconds(seconds))
        }
    }
}
