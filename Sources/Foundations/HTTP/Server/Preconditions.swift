import Foundation

/// Checks the conditions of a client for a change: `If-Match` and `If-Unmodified-Since` (RFC 9110, sections 13.1.1 and
/// 13.1.4). Conditions that only save a transfer are handled by `HTTPResponse.file`.
enum Preconditions {
    /// Refuses a change under a condition that names a version: resources that requests change have no versions here.
    /// `*` requires only that the resource exists, which the route checks.
    static func check(_ headers: HTTPHeaders, method: HTTPMethod) throws(HTTPError) {
        let tags = headers.values("If-Match")
        guard method != .get, method != .head, !tags.isEmpty, !tags.contains(where: { trimmed($0) == "*" }) else {
            return
        }
        throw failed
    }

    /// The refusal of a reading request whose condition the response does not meet; `nil` when it does or there is
    /// none.
    static func refusal(of response: HTTPResponse, to request: HTTPRequest) -> HTTPError? {
        guard request.method == .get || request.method == .head,
            response.status.isSuccess || response.status == .notModified
        else { return nil }
        let tags = request.headers.values("If-Match")
        guard tags.isEmpty else {
            let wanted = tags.flatMap { $0.split(separator: ",") }.map { trimmed(String($0)) }
            // The comparison is the strong one, which a weak tag never passes.
            let isMet = wanted.contains { $0 == "*" || ($0 == response.headers["ETag"] && !$0.hasPrefix("W/")) }
            return isMet ? nil : failed
        }
        guard let limit = request.headers["If-Unmodified-Since"].flatMap(HTTPDate.parse),
            let modified = response.headers["Last-Modified"].flatMap(HTTPDate.parse)
        else { return nil }
        return modified <= limit ? nil : failed
    }

    private static let failed = HTTPError(
        .preconditionFailed, "precondition_failed", "The content is another one than the request's condition names.")

    private static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespaces) }
}
