import Foundation
import Generations
import HTTP
import Text

/// A server that `lipsmith remote` talks to, by Lipsmith's own API alone.
struct RemoteServer: Sendable {
    /// The beginning of its addresses, without a slash at the end.
    let base: String
    let key: String
    /// How long the server may not answer, or say that it is busy, before a request is given up.
    let patience: Duration
    let events: RemoteEvents

    /// The longest transfer: a large video over a slow line, in seconds.
    private static let longestTransfer = Duration.seconds(86_400)

    /// Sends a request and gives its JSON; `null` for an answer without a body.
    ///
    /// What the server refuses for now is sent again when it says.
    ///
    /// - Parameter repeats: Whether it is sent again when the network fails, too: it must be harmless then.
    /// - Throws: `CommandFailure` for what the server refuses, and where it cannot be reached; `CancellationError`.
    @discardableResult
    func send(
        _ method: HTTPMethod, _ path: String, body: HTTPClientRequest.Body = .none, headers: HTTPHeaders = [:],
        repeats: Bool
    ) async throws -> JSONValue {
        let response = try await fetch(method, path, body: body, headers: headers, repeats: repeats)
        if response.bytes.isEmpty { return .null }
        guard let value = try? JSONValue(parsing: response.bytes) else { throw Self.unreadable(response) }
        return value
    }

    /// Sends JSON.
    func send(
        _ method: HTTPMethod, _ path: String, json: JSONValue, headers: HTTPHeaders = [:], repeats: Bool
    ) async throws -> JSONValue {
        var headers = headers
        headers["Content-Type"] = "application/json"
        return try await send(method, path, body: .bytes(json.utf8), headers: headers, repeats: repeats)
    }

    /// Sends a request and gives the answer's bytes.
    func fetch(
        _ method: HTTPMethod = .get, _ path: String, body: HTTPClientRequest.Body = .none,
        headers: HTTPHeaders = [:], repeats: Bool = true
    ) async throws -> HTTPClientResponse {
        var headers = headers
        headers["x-api-key"] = key
        let request = HTTPClientRequest(method, base + path, headers: headers, body: body)
        // Along a redirect the key would go to whomever the answer names.
        let client = client(.seconds(120), redirects: 0)
        return try await patiently(at: base, repeats: repeats) {
            try await client.send(request, maximumBytes: 128 << 20)
        }
    }

    /// Sends until there is a successful answer, or no hope of one.
    private func patiently(
        at address: String, repeats: Bool, _ send: () async throws -> HTTPClientResponse
    ) async throws -> HTTPClientResponse {
        var patience = RemotePatience(patience)
        var isFirst = true
        while true {
            let failure: CommandFailure
            var asked: Duration?
            do {
                let response = try await send()
                guard !(200..<300).contains(response.status.rawValue) else { return response }
                let refusal = Self.refusal(response)
                asked = Self.isForNow(response) ? response.retryAfter : nil
                guard asked != nil || (repeats && refusal.code == Self.overloaded) else { throw refusal }
                failure = refusal
            } catch let error as HTTPClientError {
                failure = Self.unreachable(address, error)
                guard repeats, Self.transient.contains(error.code) else {
                    // What the disk or the address is to blame for has other words.
                    throw error.code == .storageFailed ? error : failure
                }
            }
            guard let pause = patience.pause(asked: asked) else { throw failure }
            events.waiting(failure, pause, isFirst: isFirst)
            isFirst = false
            try await Task.sleep(for: pause)
        }
    }

    /// Saves what an address gives, whole or not at all. The address opens by itself: it gets no key.
    func save(_ url: String, to path: String) async throws {
        let unfinished = "\(path).\(ProcessInfo.processInfo.processIdentifier).part"
        defer { unlink(unfinished) }
        do {
            let client = client(Self.longestTransfer, redirects: 5)
            _ = try await patiently(at: url, repeats: true) {
                // What a refusal said.
                unlink(unfinished)
                return try await client.download(HTTPClientRequest(.get, url), to: unfinished)
            }
        } catch let error as HTTPClientError {
            throw Self.unwritable(path, error.detail)
        }
        guard rename(unfinished, path) == 0 else { throw Self.unwritable(path, String(cString: strerror(errno))) }
    }

    private func client(_ timeout: Duration, redirects: Int) -> HTTPClient {
        var configuration = HTTPClientConfiguration()
        // The user has named the server, wherever it stands.
        configuration.network = .unrestricted
        configuration.maximumRedirects = redirects
        configuration.totalTimeout = timeout
        configuration.maximumBytes = .max
        return HTTPClient(configuration)
    }

    // MARK: Failures

    private static let overloaded = "server_overloaded"
    /// Failures of the network that pass.
    private static let transient: Set<HTTPClientError.Code> = [.unreachable, .timedOut, .tooSlow, .endedEarly]

    /// Whether the server refuses a request for now, without having begun anything.
    private static func isForNow(_ response: HTTPClientResponse) -> Bool {
        response.status == .tooManyRequests || response.status == .serviceUnavailable
    }

    /// What the server says, in its own code; its other interfaces' form is understood as well.
    private static func refusal(_ response: HTTPClientResponse) -> CommandFailure {
        if (300..<400).contains(response.status.rawValue) { return redirected(response) }
        let body = (try? JSONValue(parsing: response.bytes)) ?? .null
        let error = body["error"]?.object == nil ? body : body["error"] ?? .null
        guard let message = error["message"]?.text else {
            return response.status.rawValue >= 502
                ? CommandFailure(
                    code: overloaded, message: "The server does not answer (\(response.status)).",
                    suggestion: "Try again later.")
                : unreadable(response)
        }
        let code = error["code"]?.text ?? error["errorCode"]?.text ?? "http-\(response.status)"
        return CommandFailure(
            code: code, message: message, suggestion: error["suggestion"]?.text ?? "",
            detail: error["requestId"]?.text ?? "")
    }

    private static func redirected(_ response: HTTPClientResponse) -> CommandFailure {
        let address = response.headers["Location"] ?? ""
        let isShown = (1...200).contains(address.utf8.count) && address.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return CommandFailure(
            code: "server_redirects", message: "The server redirects\(isShown ? " to \(address)" : "").",
            suggestion: "If that is the server, name it with --server: the key is sent nowhere else.")
    }

    private static func unreadable(_ response: HTTPClientResponse) -> CommandFailure {
        CommandFailure(
            code: "server_answer_unreadable",
            message: "The address answers (\(response.status)), but not as a Lipsmith server does.",
            suggestion: "Check --server: it is the beginning of the server's addresses.")
    }

    static func unreachable(_ address: String, _ error: HTTPClientError) -> CommandFailure {
        CommandFailure(
            code: "server_unreachable", message: "The server at \(address) cannot be reached.",
            suggestion: "Check --server and the network.", detail: error.description)
    }

    private static func unwritable(_ path: String, _ detail: String) -> CommandFailure {
        CommandFailure(
            code: "output_unwritable", message: "The file \(path) cannot be written.",
            suggestion: "Choose another place for --out.", detail: detail)
    }
}
