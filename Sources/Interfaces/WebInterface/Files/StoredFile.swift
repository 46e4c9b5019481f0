public import Generations
public import HTTP
import Text
import Time

/// Answers with a stored file.
public struct StoredFile: Sendable {
    /// Which file.
    public let key: BlobKey
    /// Its media type.
    public let contentType: String
    /// The name under which a browser saves it.
    public let downloadName: String?
    /// Whether the address may lead to another file later.
    public let mayChange: Bool

    public init(key: BlobKey, contentType: String, downloadName: String? = nil, mayChange: Bool = false) {
        self.mayChange = mayChange
        self.key = key
        self.contentType = contentType
        self.downloadName = downloadName
    }

    /// Files up to this size are compared with their digest before they are given out whole.
    private static let comparedByteCount: Int64 = 1 << 20
    /// How much of a file that the store hands out itself is sent at once, in bytes.
    private static let writtenByteCount = 256 << 10

    /// Refuses a small file that is not what was stored; larger ones are found by the daily scrub.
    ///
    /// - Throws: `StoreError` of code `damaged`.
    private func compare(for request: HTTPRequest, _ reader: () async throws -> (any BlobReader)?) async throws {
        guard request.method == .get, request.headers["Range"] == nil, let digest = key.digest,
            let reader = try await reader(), reader.facts.byteCount <= Self.comparedByteCount
        else { return }
        let bytes = try await reader.read(offset: 0, maximumCount: Int(reader.facts.byteCount))
        guard Digest.sha256(bytes) == digest else {
            throw StoreError(code: .damaged, detail: "the content of \(key) is not what was stored")
        }
    }

    /// The file, or the range of it that `request` asks for; nil where it is gone.
    public func response(to request: HTTPRequest, from blobs: any BlobStore) async throws -> HTTPResponse? {
        var headers: HTTPHeaders = [
            "Cache-Control": mayChange ? "private, no-cache" : "private, max-age=31536000, immutable"
        ]
        // A stored file is whatever a client sent; no browser may take it for a page of this server.
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Content-Security-Policy"] = "sandbox; default-src 'none'; media-src 'self'"
        if let downloadName {
            headers["Content-Disposition"] = "attachment; filename=\"\(downloadName)\""
        }
        let presentation = BlobPresentation(contentType: contentType, downloadName: downloadName)
        switch try await blobs.location(of: key, for: presentation) {
        case .file(let path):
            try await compare(for: request) { try await blobs.reader(for: key) }
            do throws(HTTPError) {
                return try HTTPResponse.file(
                    path: path, contentType: contentType, entityTag: entityTag, headers: headers, for: request)
            } catch {
                if error.status == .notFound { return nil }
                throw error
            }
        case .address(let url):
            headers["Location"] = url
            headers["Cache-Control"] = "no-store"
            return HTTPResponse(.found, headers: headers)
        case .reader:
            guard let reader = try await blobs.reader(for: key) else { return nil }
            try await compare(for: request) { reader }
            return try HTTPResponse.fetched(
                size: reader.facts.byteCount, modifiedSeconds: Int(reader.facts.storedAt.seconds),
                contentType: contentType, entityTag: entityTag, headers: headers, for: request
            ) { range, writer in
                for offset in stride(from: range.lowerBound, to: range.upperBound, by: Self.writtenByteCount) {
                    let count = min(Self.writtenByteCount, Int(range.upperBound - offset))
                    try await writer.write(try await reader.read(offset: offset, maximumCount: count))
                }
            }
        case nil: return nil
        }
    }

    /// A stored file never changes, so its name tells its content.
    private var entityTag: String {
        "\"\(Hexadecimal.encode(Array(Digest.sha256(key.rawValue.utf8).prefix(16))))\""
    }
}
