import Gateway
import Generations
import HTTP

/// Media of clients: announced, sent, listed.
extension HedraAPI {
    private static let uploadable: [String: MediaKind] = ["image": .image, "audio": .audio, "video": .video]

    var assetRoutes: [Route] {
        [
            Route(method: .get, path: "/assets", handle: listAssets),
            Route(method: .post, path: "/assets", handle: announceAsset),
            Route(method: .get, path: "/assets/{id}") { call in
                let asset = try await asset(try call.id(), call)
                guard asset.blob != nil || asset.remoteURL != nil else { throw GenerationError(.assetNotUploaded) }
                return .json(try await assetViews(call).json([asset])[0])
            },
            Route(
                method: .post, path: "/assets/{id}/upload",
                options: HTTPRouteOptions(maximumBodyBytes: settings.uploadByteLimit + (1 << 20)), handle: receiveForm),
        ]
    }

    func assetViews(_ call: Call) -> AssetViews {
        AssetViews(store: store, links: links, organisation: call.organisation, base: call.base)
    }

    func asset(_ id: AssetID, _ call: Call) async throws -> Asset {
        guard let asset = try await store.asset(id, organisation: call.organisation) else {
            throw GenerationError(.assetNotFound)
        }
        return asset
    }

    private func listAssets(_ call: Call) async throws -> HTTPResponse {
        let query = QueryReader(call.request.query)
        let type = try query.word("type", among: Vocabulary.assetTypes, isRequired: true) ?? ""
        let ids: Set<AssetID>? = query.ids("ids")
        if type == "voice" {
            let voices = try await voices.voices(for: call.organisation)
                .filter { ids?.contains(AssetID(rawValue: $0.id)) ?? true }
            return .json(.array(voices.map { $0.json(orMadeAt: startedAt) }))
        }
        guard let kind = Self.uploadable[type], ids?.isEmpty != true else { return .json([]) }
        var filter = AssetFilter(organisation: call.organisation, kinds: [kind], ids: ids ?? [])
        filter.hasContent = true
        let page = try await store.assets(filter, sort: .dateDesc, after: nil, limit: settings.listLimit)
        return .json(.array(try await assetViews(call).json(page.items)))
    }

    private func announceAsset(_ call: Call) async throws -> HTTPResponse {
        var reader = FieldReader(try await call.members(), at: ["body"])
        let name = reader.text("name", isRequired: true) ?? ""
        let type = reader.word("type", among: Vocabulary.assetTypes, type: "enum", isRequired: true) ?? ""
        let workspace = reader.text("workspace_id")
        let reserved = reader.uuid("reserved_asset_id").map(AssetID.init(rawValue:))
        if let refusal = Refusal(reader.problems) { throw refusal }
        guard let kind = Self.uploadable[type] else {
            throw Refusal(
                .invalidArgument, "An asset of type \(type) cannot be uploaded.",
                suggestion: "Use image, audio or video.")
        }
        try await intake.checkStorage(call.organisation)
        let asset = Asset(
            id: reserved ?? AssetID(), organisation: call.organisation, createdAt: clock.now,
            name: name.prefix(scalars: 255), kind: kind, origin: .upload)
        try await store.createAsset(asset, project: nil)
        let sending = links.url(
            .assetSending(asset.id), base: call.base, expiry: clock.now.advanced(by: Upload.validity))
        return .json([
            "id": .string(asset.id.rawValue), "name": .string(asset.name), "type": .string(type),
            "workspace_id": workspace.map(JSONValue.string) ?? .null,
            "reserved_asset_id": reserved.map { .string($0.rawValue) } ?? .null,
            "upload_url": kind == .video ? .string(sending) : .null,
        ])
    }

    private func receiveForm(_ call: Call) async throws -> HTTPResponse {
        let asset = try await asset(try call.id(), call)
        try await intake.checkStorage(call.organisation, adding: call.request.body.announcedBytes ?? 0)
        var limits = MultipartLimits()
        limits.maximumFileBytes = settings.uploadByteLimit
        limits.maximumTotalBytes = settings.uploadByteLimit + (1 << 20)
        let missing = Refusal(.missing(["body", "file"], input: .null))
        guard let type = call.request.headers["Content-Type"], type.lowercased().hasPrefix("multipart/form-data")
        else { throw missing }
        let form = try await MultipartForm.read(call.request.body, contentType: type, limits: limits) {
            [blobs, store] part in
            guard part.name == "file" else { return IgnoredFile() }
            return try await BlobSink(blobs: blobs, store: store)
        }
        guard let blob = form.files.compactMap({ ($0.sink as? BlobSink)?.facts }).last else { throw missing }
        return .json(try await assetViews(call).json([try await keep(blob.key, for: asset)])[0])
    }

    /// Makes a file that has arrived an asset's content, if it is what it was announced to be.
    func keep(_ blob: BlobKey, for asset: Asset) async throws -> Asset {
        // The same file again is a client that did not hear the answer.
        if asset.blob == blob { return asset }
        do { return try await replaceContent(of: asset, with: blob) } catch {
            // A file that was refused goes within minutes, unless it is another asset's, too.
            try? await store.discard([blob])
            throw error
        }
    }

    private func replaceContent(of asset: Asset, with blob: BlobKey) async throws -> Asset {
        var changed = asset
        changed.take(try await inspector.facts(of: blob, as: asset.kind, field: "file"))
        changed.blob = blob
        changed.updatedAt = clock.now
        // Between the look into the file and this moment somebody may have used the asset.
        guard try await store.replaceContent(of: changed, known: asset.blob) else {
            throw Refusal(
                .failedPrecondition, "The asset is in use; its content cannot be replaced.",
                suggestion: "Create another asset.")
        }
        return changed
    }
}

/// A file of a form that nobody asked for.
private struct IgnoredFile: MultipartFileSink {
    func write(_ bytes: ArraySlice<UInt8>) async throws {}
    func finish() async throws {}
    func discard() async {}
}
