public import Generations
import HTTP

extension GuardedMediaInspector: MediaSampler {
    /// Brings a medium into a file, by the guarded client, and looks into it in a confined child.
    ///
    /// - Throws: `GenerationError`: inaccessible, invalid, too large, or that it took too long.
    public func bring(
        _ input: MediaInput, to path: String, byteLimit: Int64, organisation: OrganisationID
    ) async throws -> MediaFacts {
        do {
            let place = try await fetcher.place(of: input, organisation: organisation)
            try await fetcher.fetch(
                place, kind: input.kind, to: path, timeLimit: fetcher.limits.inspectionTime, byteLimit: byteLimit)
            return try await facts(ofFile: path)
        } catch let failure as JobFailure {
            if failure.exceedsLimit {
                throw GenerationError(.voiceSampleTooLarge, detail: failure.error.detail)
            }
            throw failure.error
        }
    }
}
