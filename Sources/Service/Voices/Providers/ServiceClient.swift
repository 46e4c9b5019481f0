import Generations
import HTTP

/// Calls a service of the operator, with retries.
package struct ServiceClient: Sendable {
    /// When a call is retried.
    enum Repetition: Sendable {
        /// After every temporary failure: the call is idempotent.
        case always
        /// Only when the service states that it has not accepted the call, which would otherwise take effect twice.
        case whenRefused
    }

    /// The result of a call after all attempts.
    enum Outcome: Sendable {
        /// A response of any status.
        case answer(HTTPClientResponse)
        /// The service did not answer in time.
        case timedOut(String)
        /// The service could not be reached, or its response was incomplete.
        case unreachable(String)
    }

    /// Attempts in all. Unmeasured.
    private static let attempts = 3
    /// The longest pause before another attempt, in seconds; a service that asks for a longer one is not called again.
    private static let longestPause = 30.0

    /// The base URL, without a slash at the end.
    let base: String
    /// Header fields of every call. They hold secrets and must not be logged.
    let headers: HTTPHeaders
    let timeout: Duration
    /// Waits before the next attempt; replaced in tests.
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
    ///   - path: The encoded path below the base URL, beginning with a slash.
    ///   - target: A file that does not exist, for the body of the response; `nil` keeps it in memory.
    ///   - mostBytes: The largest body of a response.
    /// - Throws: `CancellationError` if the task was cancelled.
    func call(
        _ method: HTTPMethod, _ path: String, contentType: String? = nil, body: HTTPClientRequest.Body = .none,
        to target: String? = nil, mostBytes: Int64 = 16 << 20, repetition: Repetition = .always
    ) async throws -> Outcome {
        var request = HTTPClientRequest(method, base + path, headers: headers, body: body)
        if let contentType { request.headers["Content-Type"] = contentType }
        var configuration = HTTPClientConfiguration()
        // The operator chose the address, so it may be a private one. Redirects are not the operator's choice.
        configuration.network = .unrestricted
        configuration.maximumRedirects = 0
        configuration.totalTimeout = timeout
        // A synthesiser may take long before its first byte.
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

    /// The pause before the next attempt; `nil` when there shall be none.
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
