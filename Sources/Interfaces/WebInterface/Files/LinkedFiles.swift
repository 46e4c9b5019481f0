public import Access
public import Generations
import HTTP
public import Time

/// A kind of link, and the file that one leads to.
public struct FileLink: Sendable {
    /// Finds the file of an identifier, as a client gets it; nil where it has none.
    public typealias Lookup =
        @Sendable (String, any AssetStore & BatchStore & GenerationStore) async throws -> StoredFile?

    let kind: LinkKind
    let file: Lookup

    /// A link to a file.
    public init(_ kind: LinkKind, file: @escaping Lookup) {
        self.kind = kind
        self.file = file
    }

    /// A link by which a file is sent; nothing can be fetched by it.
    public static func sending(_ kind: LinkKind) -> FileLink { FileLink(kind) { _, _ in nil } }

    /// A link to the file of an asset.
    public static func asset(_ kind: LinkKind) -> FileLink {
        FileLink(kind) { id, store in
            guard let asset = try await store.anyAsset(AssetID(rawValue: id)), let blob = asset.blob else { return nil }
            return StoredFile(
                key: blob, contentType: asset.contentType,
                // What a client has sent it may replace.
                mayChange: asset.generation == nil)
        }
    }
}

extension [FileLink] {
    /// Whether an endpoint answers one of these links.
    public func contains(_ endpoint: Endpoint) -> Bool { contains { $0.kind.path == endpoint.path } }
}

/// The files behind this server's own links.
public struct LinkedFiles: Sendable {
    /// Makes and checks the links.
    public let links: SignedLinks
    private let lookups: [LinkKind: FileLink.Lookup]
    private let store: any AssetStore & BatchStore & GenerationStore
    private let blobs: any BlobStore
    private let clock: any WallClock

    /// Makes a finder.
    ///
    /// - Parameter kinds: Those of every interface.
    public init(
        signer: DownloadTokenSigner, kinds: [FileLink], store: any AssetStore & BatchStore & GenerationStore,
        blobs: any BlobStore,
        clock: any WallClock = SystemClock()
    ) {
        links = SignedLinks(signer: signer, kinds: kinds.map(\.kind))
        lookups = Dictionary(uniqueKeysWithValues: kinds.map { ($0.kind, $0.file) })
        self.store = store
        self.blobs = blobs
        self.clock = clock
    }

    /// The file that a link leads to; nil where it has none.
    public func file(of link: SignedLink) async throws -> StoredFile? {
        try await lookups[link.kind]?(link.id, store)
    }

    /// Refuses a request whose token does not open a link.
    ///
    /// - Throws: `RequestError.linkClosed`.
    public func check<Entity>(_ kind: LinkKind, _ id: Identifier<Entity>, _ call: Call) throws(RequestError) {
        guard links.isOpen(SignedLink(kind, id.rawValue), to: call.request, now: clock.now) else { throw .linkClosed }
    }

    /// The endpoint that answers links of a kind with their files.
    ///
    /// - Parameter id: Reads the `{id}` of the path.
    public func endpoint<Entity>(
        _ kind: LinkKind, id: @escaping @Sendable (Call) throws -> Identifier<Entity>
    ) -> Endpoint {
        Endpoint(.get, kind.path, callers: .anybody) { call in
            let id = try id(call)
            try check(kind, id, call)
            guard let file = try await file(of: SignedLink(kind, id.rawValue)),
                let response = try await file.response(to: call.request, from: blobs)
            else { throw RequestError.fileGone }
            return response
        }
    }
}
