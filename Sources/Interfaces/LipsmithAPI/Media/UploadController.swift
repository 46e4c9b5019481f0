import Access
import Generations
import HTTP
import Queues
import Text
import Time
import WebInterface

/// Files in pieces, so that a lost connection costs one piece.
struct UploadController: Sendable {
    let store: any AssetStore & GenerationStore
    let blobs: any BlobStore
    let uploads: any PartialUploadStore
    let intake: GenerationIntake
    let inspector: any MediaInspector
    let view: AssetView
    /// The largest file, in bytes.
    let byteLimit: Int64
    let clock: any WallClock
    /// By upload: one request makes an asset of it or deletes it; another waits for its end.
    private let ending = KeyedLock()
    /// Files that become assets; one organisation leaves places for the others.
    private let finishing = FairSemaphore(places: 16, placesPerOwner: 4)
    /// By organisation: what was announced is counted and added to in one step.
    private let announcing = KeyedLock()

    init(_ services: InterfaceServices, _ media: LipsmithMedia) {
        store = services.store
        blobs = services.blobs
        uploads = media.uploads
        intake = services.intake
        inspector = services.inspector
        view = AssetView(links: services.files.links)
        byteLimit = media.uploadByteLimit
        clock = services.clock
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/uploads", id: "createUpload", tag: "Media",
                summary: "Announce a file; send its bytes with PATCH, then make an asset of it.",
                body: [
                    .json(
                        .object(
                            ["name": .string, "byteCount": .number(1...Double(byteLimit))],
                            required: ["name", "byteCount"]))
                ], statuses: [201], answer: .json(.named("Upload")), handle: announce),
            Endpoint(
                .get, "/v1/uploads/{id}", id: "getUpload", tag: "Media", summary: "How much of a file has arrived.",
                answer: .json(.named("Upload"))
            ) { .json(json(try await upload($0))) },
            Endpoint(
                .patch, "/v1/uploads/{id}", id: "sendUploadPiece", tag: "Media",
                summary: "Send the next piece of a file as the body, 8 MiB at most.",
                parameters: [
                    .header("Upload-Offset", .integer, "How many bytes stand before it: the upload's offset. Required.")
                ], answer: .json(.named("Upload")),
                options: HTTPRouteOptions(maximumBodyBytes: PartialUpload.pieceBytes), handle: receive),
            Endpoint(
                .post, "/v1/uploads/{id}/asset", id: "finishUpload", tag: "Media",
                summary: "Make an asset of a file of which every byte has arrived; again, the same one.",
                statuses: [201], answer: .json(.named("Asset")), handle: finish),
            Endpoint(
                .delete, "/v1/uploads/{id}", id: "deleteUpload", tag: "Media", summary: "Give up a file.",
                statuses: [204], handle: delete),
        ]
    }

    private func json(_ upload: PartialUpload) -> JSONValue {
        [
            "id": .string(upload.id.rawValue), "name": .string(upload.name),
            "byteCount": .integer(upload.byteCount), "offset": .integer(upload.offset),
            "expiresAt": .time(upload.expiresAt),
        ]
    }

    private func upload(_ call: Call) async throws -> PartialUpload {
        guard let id = PartialUploadID(parsing: call.parameter()),
            let upload = try await uploads.upload(id, organisation: call.organisation)
        else { throw UploadRefusal.gone.error }
        return upload
    }

    // MARK: Announcing

    private func announce(_ call: Call) async throws -> HTTPResponse {
        var reader = try await call.fields(["name", "byteCount"])
        let name = reader.text("name", isRequired: true)
        let byteCount = reader.integer("byteCount", in: 1...Int.max, isRequired: true)
        try reader.check()
        guard let name, let byteCount = byteCount.map(Int64.init) else { throw GenerationError(.requestInvalid) }
        guard byteCount <= byteLimit else { throw UploadRefusal.tooLarge(limit: byteLimit).error }
        return try await announcing.pass(call.organisation.rawValue) {
            let upload = try await announced(name, byteCount, call)
            return .json(json(upload), status: .created)
        }
    }

    private func announced(_ name: String, _ byteCount: Int64, _ call: Call) async throws -> PartialUpload {
        let open = try await uploads.openUploads(of: call.organisation)
        guard open.count < PartialUpload.mostPerOrganisation else { throw UploadRefusal.tooMany.error }
        // What was announced before will lie here, too.
        let announced = open.reduce(0) { $0 + $1.byteCount }
        try await intake.checkStorage(call.organisation, adding: announced + byteCount)
        let upload = PartialUpload(
            organisation: call.organisation, name: DisplayName.sanitised(name), byteCount: byteCount,
            expiresAt: clock.now.advanced(by: PartialUpload.validity))
        try await uploads.create(upload)
        return upload
    }

    // MARK: Receiving

    private func receive(_ call: Call) async throws -> HTTPResponse {
        let values = call.request.headers.values("Upload-Offset")
        guard values.count == 1, values[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let offset = Int64(values[0])
        else { throw UploadRefusal.offsetMissing.error }
        let upload = try await upload(call)
        guard offset == upload.offset else { throw await refusal(.offsetWrong(upload.offset), call) }
        if let announced = call.request.body.announcedBytes, announced > upload.byteCount - offset {
            throw await refusal(.tooManyBytes(upload), call)
        }
        try await intake.checkStorage(call.organisation)
        do {
            var end = offset
            for try await chunk in call.request.body {
                end = try await uploads.append(chunk, to: upload, at: end)
            }
        } catch let error as PartialUploadError {
            switch error {
            case .offsetWrong(let current): throw await refusal(.offsetWrong(current), call)
            case .tooManyBytes: throw await refusal(.tooManyBytes(upload), call)
            case .gone: throw await refusal(.gone, call)
            }
        }
        return .json(json(try await self.upload(call)))
    }

    /// The refusal of a piece, once all of it has come: many clients hear no answer before they have sent everything, and the
    /// answer says where to go on.
    private func refusal(_ refusal: UploadRefusal, _ call: Call) async -> LipsmithRefusal {
        do { for try await _ in call.request.body {} } catch {
            // Whoever has left, or sends too much, hears no answer.
        }
        return refusal.error
    }

    // MARK: Ending

    private func finish(_ call: Call) async throws -> HTTPResponse {
        let id = try await upload(call).id
        return try await ending.pass(id.rawValue) {
            let upload = try await upload(call)
            if let asset = try await store.asset(upload.asset, organisation: call.organisation) {
                // The answer of an earlier request was lost.
                try await uploads.finish(upload)
                return .json(view.json(asset, base: call.base), status: .created)
            }
            guard !upload.isFinished else { throw GenerationError(.assetNotFound) }
            guard upload.isWhole else { throw UploadRefusal.incomplete(upload).error }
            let asset = try await finishing.pass(owner: call.organisation.rawValue) {
                try await makeAsset(upload, call)
            }
            return .json(view.json(asset, base: call.base), status: .created)
        }
    }

    private func makeAsset(_ upload: PartialUpload, _ call: Call) async throws -> Asset {
        try await intake.checkStorage(call.organisation, adding: upload.byteCount)
        let blob: BlobKey
        do { blob = try await uploads.handOver(upload, to: blobs) } catch is PartialUploadError {
            throw UploadRefusal.gone.error
        }
        guard let facts = try await inspector.facts(of: blob, field: .name) else { throw UploadRefusal.notMedia.error }
        var asset = Asset(
            id: upload.asset, organisation: upload.organisation, createdAt: clock.now, name: upload.name,
            kind: facts.kind, origin: .upload, blob: blob)
        asset.take(facts)
        try await store.createAsset(asset, project: nil)
        try await uploads.finish(upload)
        return asset
    }

    private func delete(_ call: Call) async throws -> HTTPResponse {
        let id = try await upload(call).id
        return try await ending.pass(id.rawValue) {
            guard let upload = try await uploads.delete(id, organisation: call.organisation) else {
                throw UploadRefusal.gone.error
            }
            if let blob = upload.blob, !upload.isFinished { try await store.discard([blob]) }
            return HTTPResponse(.noContent)
        }
    }
}
