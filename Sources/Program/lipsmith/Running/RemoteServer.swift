import Foundation
import Generations
import HTTP
import Text

/// A server that `lipsmith remote` talks to, by Lipsmith's own API alone.
struct RemoteServer: Sendable {
    /// The beginning of its addresses, without a slash at the end.
    let base: String
    let key: String

    /// How often a request that may be repeated is sent when the network fails.
    private static let tries = 4
    /// The longest transfer: a large video over a slow line, in seconds.
    private static let longestTransfer = Duration.seconds(86_400)

    /// Sends a request and gives its JSON; `null` for an answer without a body.
    ///
    /// - Parameter repeats: Whether it is sent again when the network fails: it must be harmless then.
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
        var pause = Duration.milliseconds(500)
        for number in 1... {
            do {
                let response = try await client(.seconds(120)).send(request, maximumBytes: 128 << 20)
                guard (200..<300).contains(response.status.rawValue) else { throw Self.refusal(response) }
                return response
            } catch let error as HTTPClientError {
                guard repeats, number < Self.tries else { throw Self.unreachable(base, error) }
            } catch let failure as CommandFailure {
                // The server is busy or starts again.
                guard repeats, number < Self.tries, failure.code == Self.overloaded else { throw failure }
            }
            try await Task.sleep(for: pause)
            pause *= 2
        }
        throw CancellationError()
    }

    /// Saves what an address gives, whole or not at all. The address opens by itself: it gets no key.
    func save(_ url: String, to path: String) async throws {
        let unfinished = "\(path).\(ProcessInfo.processInfo.processIdentifier).part"
        defer { unlink(unfinished) }
        do {
            let response = try await client(Self.longestTransfer).download(HTTPClientRequest(.get, url), to: unfinished)
            guard response.status == .ok else { throw Self.refusal(response) }
        } catch let error as HTTPClientError {
            throw error.code == .storageFailed ? Self.unwritable(path, error.detail) : Self.unreachable(url, error)
        }
        guard rename(unfinished, path) == 0 else { throw Self.unwritable(path, String(cString: strerror(errno))) }
    }

    private func client(_ timeout: Duration) -> HTTPClient {
        var configuration = HTTPClientConfiguration()
        // The user has named the server, wherever it stands.
        configuration.network = .unrestricted
        configuration.totalTimeout = timeout
        configuration.maximumBytes = .max
        return HTTPClient(configuration)
    }

    // MARK: Failures

    private static let overloaded = "server_overloaded"

    /// What the server says, in its own code; its other interfaces' form is understood as well.
    private static func refusal(_ response: HTTPClientResponse) -> CommandFailure {
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
