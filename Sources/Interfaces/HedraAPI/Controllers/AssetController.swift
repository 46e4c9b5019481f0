import Access
import Generations
import HTTP
import Text
import Time
import WebInterface

/// Media of clients: announced, sent, listed.
struct AssetController: Sendable {
    private static let uploadable: [String: MediaKind] = ["image": .image, "audio": .audio, "video": .video]

    let store: any AssetStore & GenerationStore
    let intake: GenerationIntake
    let links: SignedLinks
    let voices: HedraVoices
    let contents: AssetContents
    let settings: HedraSettings
    let clock: any WallClock

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/assets", id: "listAssets", summary: "List media, newest first.",
                parameters: [
                    .query("type", .oneWord(of: Vocabulary.assetTypes), isRequired: true), .query("ids", .string),
                ], answer: .json(.list(of: .named("Asset"))), handle: listAssets),
            Endpoint(
                .post, "/assets", id: "createAsset", summary: "Announce a medium.",
                body: [.json(.named("CreateAsset"))], answer: .json(.named("CreatedAsset")), handle: announceAsset),
            Endpoint(
                .get, "/assets/{id}", id: "getAsset", summary: "Get a medium.", answer: .json(.named("Asset"))
            ) { call in
                let asset = try await asset(call)
                guard asset.blob != nil || asset.remoteURL != nil else { throw GenerationError(.assetEmpty) }
                return .json(try await views(call).json([asset])[0])
            },
            Endpoint(
                .post, "/assets/{id}/upload", id: "uploadAsset", summary: "Send the file of a medium.",
                body: [.form(.object(["file": .file], required: ["file"], isOpen: true))],
                answer: .json(.named("Asset")),
                options: HTTPRouteOptions(maximumBodyBytes: settings.uploadByteLimit + (1 << 20))
            ) { call in
                let asset = try await contents.receiveForm(
                    call.request, for: try await asset(call), byteLimit: settings.uploadByteLimit)
                return .json(try await views(call).json([asset])[0])
            },
        ]
    }

    private func views(_ call: Call) -> AssetViews {
        AssetViews(store: store, links: links, organisation: call.organisation, base: call.base)
    }

    private func asset(_ call: Call) async throws -> Asset {
        guard let asset = try await store.asset(try call.id(), organisation: call.organisation) else {
            throw GenerationError(.assetNotFound)
        }
        return asset
    }

    private func listAssets(_ call: Call) async throws -> HTTPResponse {
        let query = call.request.query
        let type = try query.word("type", among: Vocabulary.assetTypes, isRequired: true) ?? ""
        let ids: Set<AssetID>? = query.ids("ids")
        if type == "voice" {
            let voices = try await voices.voices(for: call.organisation)
                .filter { ids?.contains(AssetID(rawValue: $0.id)) ?? true }
            return .json(.array(voices.map { $0.json(base: call.base) }))
        }
        guard let kind = Self.uploadable[type], ids?.isEmpty != true else { return .json([]) }
        var filter = AssetFilter(organisation: call.organisation, kinds: [kind], ids: ids ?? [])
        filter.hasContent = true
        let page = try await store.assets(filter, sort: .dateDesc, after: nil, limit: settings.listLimit)
        return .json(.array(try await views(call).json(page.items)))
    }

    private func announceAsset(_ call: Call) async throws -> HTTPResponse {
        var reader = FieldReader(try await call.members(), at: ["body"], rules: .hedra)
        let name = reader.text("name", isRequired: true) ?? ""
        let type = reader.word("type", among: Vocabulary.assetTypes, isEnumeration: true, isRequired: true) ?? ""
        let workspace = reader.text("workspace_id")
        let reserved = reader.uuid("reserved_asset_id").map(AssetID.init(rawValue:))
        try reader.check()
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
            .assetSending, asset.id, base: call.base, expiry: clock.now.advanced(by: Upload.validity))
        return .json([
            "id": .string(asset.id.rawValue), "name": .string(asset.name), "type": .string(type),
            "workspace_id": .text(workspace),
            "reserved_asset_id": .text(reserved?.rawValue),
            "upload_url": kind == .video ? .string(sending) : .null,
        ])
    }
}
