import HTTP

/// An authority that confirms when a signature was there (RFC 3161), asked over HTTP.
struct TimeStampAuthority {
    let url: String

    /// A certificate or two and a signature.
    private static let largestAnswer: Int64 = 1 << 20
    private static let timeout = Duration.seconds(20)

    /// Posts a request and gives the answer as it came; who has asked checks it.
    ///
    /// - Throws: `HTTPClientError`; `Refusal` for an answer that is none.
    func answer(to request: [UInt8]) async throws -> [UInt8] {
        var configuration = HTTPClientConfiguration()
        // The operator has named it, and it may stand in the operator's own network.
        configuration.network = .unrestricted
        configuration.maximumRedirects = 0
        configuration.totalTimeout = Self.timeout
        configuration.connectTimeout = Self.timeout
        let response = try await HTTPClient(configuration).send(
            HTTPClientRequest(
                .post, url, headers: ["Content-Type": "application/timestamp-query"], body: .bytes(request)),
            maximumBytes: Self.largestAnswer)
        guard response.status.rawValue == 200 else { throw Refusal(status: Int(response.status.rawValue)) }
        return response.bytes
    }

    struct Refusal: Error {
        var status: Int
    }
}
