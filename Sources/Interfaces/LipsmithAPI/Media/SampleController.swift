import Access
import Foundation
import Generations
import HTTP
import Queues
import Text
import Time
import WebInterface

/// The sample portrait, so that the first video needs no file of one's own.
struct SampleController: Sendable {
    /// What it is called.
    static let name = "Sample portrait"
    /// The portrait and what it may say, for menus.
    static let choice: JSONValue = [
        "name": .string(name),
        "script": "Hello! A moment ago I was only a portrait. Now my mouth moves with every word.",
        "voice": "kokoro-woman",
    ]

    let store: any AssetStore
    let blobs: any BlobStore
    let inspector: any MediaInspector
    let view: AssetView
    /// Where it lies on this machine; nil where there is none.
    let path: String?
    let clock: any WallClock

    init(_ services: InterfaceServices, path: String?) {
        store = services.store
        blobs = services.blobs
        inspector = services.inspector
        view = AssetView(links: services.files.links)
        self.path = path
        clock = services.clock
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/sample", id: "makeSample", tag: "Media",
                summary: "Make the sample portrait an asset: the same one each time.", statuses: [201],
                answer: .json(.named("Asset"))
            ) { .json(view.json(try await asset($0), base: $0.base), status: .created) }
        ]
    }

    private func asset(_ call: Call) async throws -> Asset {
        // One name for each organisation: of two requests at once, one makes it.
        let id = AssetID(
            rawValue: UUIDText.make(
                Array(Digest.sha256("lipsmith sample \(call.organisation)".utf8).prefix(16)), version: 8))
        if let known = try await store.asset(id, organisation: call.organisation) { return known }
        guard let path, await BlockingWork.run({ FileManager.default.isReadableFile(atPath: path) }) else {
            throw LipsmithRefusal(
                .notFound, "sample-missing", "This installation has no sample portrait.",
                suggestion: "Upload a picture of your own.")
        }
        let blob = try await blobs.copy(path).key
        let facts = try await inspector.facts(of: blob, as: .image, field: .asset)
        var asset = Asset(
            id: id, organisation: call.organisation, createdAt: clock.now, name: Self.name, kind: .image,
            origin: .upload, blob: blob)
        asset.take(facts)
        do { try await store.createAsset(asset, project: nil) } catch let error as GenerationError
            where error.code == .nameTaken
        {
            guard let known = try await store.asset(id, organisation: call.organisation) else { throw error }
            return known
        }
        return asset
    }
}
