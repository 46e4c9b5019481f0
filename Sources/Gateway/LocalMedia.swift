import Generations

/// Finds what one of this server's own links stands for, so that a client may send such a link as an input.
public struct LocalMedia: Sendable {
    private let links: DownloadLinks
    private let store: any Store
    private let clock: any WallClock

    /// Makes a finder.
    public init(links: DownloadLinks, store: any Store, clock: any WallClock = SystemClock()) {
        self.links = links
        self.store = store
        self.clock = clock
    }

    /// The file behind a link of ours; nil for another's address, and where the file is gone.
    public func blob(at url: String) async throws -> BlobKey? {
        guard let subject = links.subject(of: url, now: clock.now) else { return nil }
        return try await blob(of: subject)
    }

    /// The file of a thing; nil where it has none.
    public func blob(of subject: LinkSubject) async throws -> BlobKey? {
        switch subject {
        case .result(let id): try await store.anyGeneration(id)?.output?.blob
        case .segment(let id): try await store.anyGeneration(id)?.output?.segmentBlob
        case .speech(let id): try await store.anyGeneration(id)?.output?.speechBlob
        case .asset(let id): try await store.anyAsset(id)?.blob
        case .batch(let id): try await store.anyBatch(id)?.resultBlob
        case .sending: nil
        case .upload(let id): try await store.upload(id)?.lifecycle.blob
        }
    }
}
