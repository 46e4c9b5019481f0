/// Brings media that a request names into files of this machine, on behalf of an interface.
public protocol MediaSampler: Sendable {
    /// Brings a medium into a file that does not exist, and looks into it.
    ///
    /// - Parameter byteLimit: The largest file that is brought.
    /// - Throws: `GenerationError`: inaccessible, invalid, too large, or that it took too long.
    func bring(
        _ input: MediaInput, to path: String, byteLimit: Int64, organisation: OrganisationID
    ) async throws -> MediaFacts
}
