public import Text

/// Says where a medium comes from, on behalf of an interface.
public protocol MediaVerifier: Sendable {
    /// What can be said of where a medium comes from: its credentials, its watermark and what the installation remembers.
    ///
    /// - Parameters:
    ///   - field: Its place in the request.
    ///   - organisation: Who asks. Only the owner of a generation is told which it was.
    /// - Throws: `GenerationError` with `field`: inaccessible, or that it took too long; of code `rateLimited` where the
    ///   organisation has too many files waiting.
    func verify(
        _ input: MediaInput, field: RequestField, organisation: OrganisationID
    ) async throws -> JSONValue
}
