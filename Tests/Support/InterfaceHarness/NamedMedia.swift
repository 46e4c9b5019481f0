import Foundation
public import Generations
import Testing

/// Media are what their names say: `v4.mp4` is a video of 4 s, `a8.wav` a sound of 8.64 s, whatever has `unreachable`
/// in it cannot be had. Stored files are what their content says: `video`, `audio` or `image`.
public struct NamedMedia: MediaInspector, MediaSampler {
    private let blobs: any BlobStore

    /// Looks at stored files of `blobs`.
    public init(blobs: any BlobStore) { self.blobs = blobs }

    /// As the protocol says.
    public func bring(
        _ input: MediaInput, to path: String, byteLimit: Int64, organisation: OrganisationID
    ) async throws -> MediaFacts {
        guard case .url(let url) = input.source else {
            try "asset".write(toFile: path, atomically: true, encoding: .utf8)
            return Self.facts(.audio)
        }
        if url.contains("unreachable") { throw Self.inaccessible(.audio, .address) }
        if url.contains("large") { throw GenerationError(.voiceSampleTooLarge) }
        try url.write(toFile: path, atomically: true, encoding: .utf8)
        var facts = Self.facts(url.hasSuffix(".png") ? .image : .audio)
        if url.contains("short") { facts.durationSeconds = 0.4 }
        if url.contains("silent") { facts.hasSound = false }
        return facts
    }

    /// As the protocol says.
    public func checkAccess(to input: MediaInput, field: RequestField, organisation: OrganisationID) async throws {
        guard case .url(let url) = input.source, url.contains("unreachable") else { return }
        throw Self.inaccessible(input.kind, field)
    }

    /// As the protocol says.
    public func facts(of input: MediaInput, field: RequestField, organisation: OrganisationID) async throws
        -> MediaFacts
    {
        guard case .url(let url) = input.source else { return Self.facts(input.kind) }
        if url.contains("unreachable") { throw Self.inaccessible(input.kind, field) }
        return Self.facts(input.kind)
    }

    /// As the protocol says.
    public func facts(of blob: BlobKey, as kind: MediaKind, field: RequestField) async throws -> MediaFacts {
        let reader = try #require(try await blobs.reader(for: blob))
        let content = String(decoding: try await reader.read(offset: 0, maximumCount: 16), as: UTF8.self)
        guard content.hasPrefix(kind.rawValue) else {
            throw GenerationError(kind == .audio ? .audioUnusable : .videoUnusable, field: field)
        }
        return Self.facts(kind)
    }

    private static func facts(_ kind: MediaKind) -> MediaFacts {
        switch kind {
        case .video:
            MediaFacts(
                kind: .video, format: "mp4", byteCount: 1000, durationSeconds: 4, width: 640, height: 480,
                framesPerSecond: 25, hasSound: true)
        case .image: MediaFacts(kind: .image, format: "png", byteCount: 1000, width: 640, height: 480)
        default: MediaFacts(kind: .audio, format: "wav", byteCount: 1000, durationSeconds: 8.64, hasSound: true)
        }
    }

    private static func inaccessible(_ kind: MediaKind, _ field: RequestField) -> GenerationError {
        switch kind {
        case .audio: GenerationError(.audioInaccessible, field: field)
        case .image: GenerationError(.imageInaccessible, field: field)
        default: GenerationError(.videoInaccessible, field: field)
        }
    }
}
