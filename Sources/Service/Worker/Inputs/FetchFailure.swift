import Generations
import HTTP

/// Why a content could not be fetched from its address.
struct FetchFailure: Error {
    /// As a `FailureCode`.
    let failure: JobFailure
    /// How long the address asks callers to wait.
    var retryAfter: Duration?
    /// Whether a later call may fare better and the address is known to be served: by an answer that asks for patience,
    /// or by a connection on which the answer has not begun.
    var isPending = false
    /// How often a call is worth repeating within an attempt at most.
    var mostRepetitions = Int.max

    /// A response's status that is no success, under the code `code`; nil for a success.
    init?(_ response: HTTPClientResponse, _ code: FailureCode) {
        let status = response.status
        guard !status.isSuccess else { return nil }
        let mayRecover = status == .requestTimeout || status == .tooManyRequests || status.rawValue >= 500
        let suggestion: String? =
            switch status {
            case .unauthorized, .forbidden: nil
            case .notFound, HTTPStatus(rawValue: 410): "Check the address: nothing is there."
            default: mayRecover ? "Try again when the address answers." : "Check the address."
            }
        failure = JobFailure(
            code, "The address answered with status \(status).", suggestion: suggestion, mayRetry: mayRecover)
        guard mayRecover else { return }
        retryAfter = response.retryAfter
        isPending = retryAfter != nil
    }

    /// A transfer that failed.
    init(_ error: HTTPClientError, _ code: FailureCode) {
        var message: String
        var suggestion: String?
        switch error.code {
        case .tooLarge:
            failure = JobFailure(.fileTooLarge, exceedsLimit: true, detail: error.description)
            return
        case .storageFailed:
            failure = JobFailure(.storageFailed, detail: error.description)
            return
        case .invalidURL: message = "The address is no http or https address."
        case .refusedAddress: message = "The address leads into a network that this server does not call."
        case .refusedPort: message = "The address names a port that this server does not call."
        case .refusedRedirect: message = "The address redirects too often or to where this server does not follow."
        case .timedOut: message = "The address did not answer in time."
        case .tooSlow: message = "The address sent less than 1 KiB a second for half a minute."
        case .endedEarly: message = "The transfer from the address ended early."
        default: message = "The address cannot be reached."
        }
        let mayRecover = [.timedOut, .tooSlow, .endedEarly, .unreachable].contains(error.code)
        suggestion = mayRecover ? "Check the address, and try again when it can be reached." : "Send another address."
        failure = JobFailure(
            code, message, suggestion: suggestion, mayRetry: mayRecover,
            exceedsLimit: error.code == .timedOut || error.code == .tooSlow, detail: error.description)
        isPending = error.code == .timedOut
        // A name that does not exist and a port that is closed seldom come to be within seconds.
        if error.code == .unreachable { mostRepetitions = 1 }
    }

    /// A web page where a file was expected, as behind most links for sharing; nil for anything else.
    ///
    /// - Parameter beginning: The content's first bytes: some servers call every file a page.
    init?(page response: HTTPClientResponse, beginning: some Sequence<UInt8>, _ code: FailureCode) {
        let type = response.headers["Content-Type"]?.prefix { $0 != ";" }.lowercased() ?? ""
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        guard ["text/html", "application/xhtml+xml"].contains(type.filter { $0 != " " }),
            beginning.first(where: { $0 > 0x20 && !byteOrderMark.contains($0) }) == UInt8(ascii: "<")
        else { return nil }
        failure = JobFailure(
            code, "The address gave a web page (text/html), not the file itself.",
            suggestion: "Send the address that the page downloads the file from.", mayRetry: false)
    }
}
