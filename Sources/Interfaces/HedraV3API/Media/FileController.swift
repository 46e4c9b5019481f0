import Access
import Generations
import HTTP
import Text
import Time
import WebInterface

/// Files of clients.
struct FileController: Sendable {
    /// How long a file may be named by its address.
    static let validity = Duration.seconds(3600)

    let store: any AssetStore
    let inspector: any MediaInspector
    let intake: GenerationIntake
    let receiver: UploadReceiver
    let files: LinkedFiles
    /// The largest file, in bytes.
    let byteLimit: Int64
    let clock: any WallClock

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/files", id: "uploadFile", tag: "Files", summary: "Send a file that jobs take as input.",
                body: [.form(.object(["file": .file], required: ["file"], isOpen: true))], statuses: [201],
                answer: .json(.named("FileUpload")), scope: "files:write",
                options: HTTPRouteOptions(maximumBodyBytes: byteLimit + (1 << 20)), handle: receive)
        ]
    }

    /// Answers links, which stand below no prefix of their own.
    var linkEndpoints: [Endpoint] {
        [
            files.endpoint(.v3File) { call in AssetID(rawValue: call.parameter()) },
            files.endpoint(.v3Output) { call in AssetID(rawValue: call.parameter()) },
        ]
    }

    private func receive(_ call: Call) async throws -> HTTPResponse {
        try await intake.checkStorage(call.organisation, adding: call.request.body.announcedBytes ?? 0)
        guard call.request.headers["Content-Type"]?.lowercased().hasPrefix("multipart/form-data") == true else {
            throw V3Refusal(fields: [.missing("file")])
        }
        var limits = MultipartLimits()
        limits.maximumFileBytes = byteLimit
        limits.maximumTotalBytes = byteLimit + (1 << 20)
        let form = try await receiver.form(of: call.request, limits: limits) { $0.name == "file" }
        guard let file = form.files.last else { throw V3Refusal(fields: [.missing("file")]) }
        do {
            guard file.blob.byteCount > 0 else {
                throw V3Refusal(fields: [InvalidInput("file", "minLength", "The file is empty.")])
            }
            guard let facts = try await inspector.facts(of: file.blob.key, field: .named("file")) else {
                throw V3Refusal(fields: [
                    InvalidInput("file", "media_type", "The file is no picture, video or sound that can be read.")
                ])
            }
            let name = file.part.fileName.map { $0.isEmpty ? "upload" : $0 } ?? "upload"
            var asset = Asset(
                organisation: call.organisation, createdAt: clock.now, name: name.prefix(scalars: 255),
                kind: facts.kind, origin: .upload, blob: file.blob.key)
            asset.take(facts)
            try await store.createAsset(asset, project: nil)
            let expiry = clock.now.advanced(by: Self.validity)
            return .json(
                [
                    "url": .string(files.links.url(.v3File, asset.id, base: call.base, expiry: expiry)),
                    "content_type": .string(asset.contentType), "expires_at": .string(expiry.iso8601),
                ], status: .created)
        } catch {
            await receiver.discard([file.blob.key])
            throw error
        }
    }
}
