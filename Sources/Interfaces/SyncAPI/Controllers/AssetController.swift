import Access
import Generations
import HTTP
import Text
import Time
import WebInterface

/// Media that are kept to be used again.
struct AssetController: Sendable {
    let store: any AssetStore & ProjectStore
    let inspector: any MediaInspector
    let files: LinkedFiles
    let clock: any WallClock

    private static let kinds = Schema.oneWord(of: ["AUDIO", "VIDEO", "IMAGE"])
    private static let visibilities = Schema.oneWord(of: SyncVisibility.self)
    private static let filters: [Endpoint.Parameter] = [
        .query("projectId", .uuid, "Only those of this project."),
        .list("types", of: kinds, "Only these kinds."),
        .query("searchQuery", .string, "Only those whose name has this in it."),
    ]

    var endpoints: [Endpoint] { lists + single }

    private var lists: [Endpoint] {
        [
            Endpoint(
                .get, "/v2/assets", id: "AssetsController_getAll", tag: "Assets", summary: "List assets.",
                parameters: Self.filters + [
                    .query("limit", .integer(1...100), "Assets on a page; 10 unless given."),
                    .query("cursor", .uuid, "The nextCursor of the page before."),
                    .query("sortBy", .oneWord(of: AssetSort.self), "The order."),
                ], answer: .json(.named("AssetPage")), handle: listAssets),
            Endpoint(
                .get, "/v2/assets/count", id: "AssetsController_count", tag: "Assets", summary: "Count assets.",
                parameters: Self.filters, answer: .json(.integer)
            ) { call in
                guard let filter = try assetFilter(call) else { return .json(0) }
                return .json(.whole(try await store.assetCount(filter)))
            },
            Endpoint(
                .post, "/v2/assets/batch", id: "AssetsController_getBatch", tag: "Assets",
                summary: "Get several assets.",
                body: [.json(.object(["ids": .list(of: .uuid, 1...100)], required: ["ids"]))],
                answer: .json(.list(of: .named("Asset"))), handle: getAssets),
        ]
    }

    private var single: [Endpoint] {
        [
            Endpoint(
                .post, "/v2/assets", id: "AssetsController_create", tag: "Assets",
                summary: "Make an asset of an uploaded file or of a public address.",
                body: [
                    .json(
                        .object(
                            [
                                "url": .address, "type": Self.kinds, "name": .string(1...255),
                                "visibility": Self.visibilities, "projectId": .uuid,
                            ], required: ["url", "type"]))
                ], statuses: [201], answer: .json(.named("Asset")), handle: createAsset),
            Endpoint(
                .get, "/v2/assets/{id}", id: "AssetsController_get", tag: "Assets", summary: "Get an asset.",
                answer: .json(.named("Asset"))
            ) { .json(json(try await asset($0), $0)) },
            Endpoint(
                .patch, "/v2/assets/{id}", id: "AssetsController_update", tag: "Assets",
                summary: "Rename an asset, or show it to others.",
                body: [.json(.object(["name": .string(1...255), "visibility": Self.visibilities]))],
                answer: .json(.named("Asset")), handle: updateAsset),
            Endpoint(
                .delete, "/v2/assets/{id}", id: "AssetsController_delete", tag: "Assets", summary: "Delete an asset.",
                answer: .json(.named("Asset"))
            ) { call in
                let id: AssetID = try call.id(.invalidAssetIdFormat)
                guard let asset = try await store.deleteAsset(id, organisation: call.organisation) else {
                    throw SyncError(.assetNotFound)
                }
                return .json(json(asset, call))
            },
            Endpoint(
                .get, "/v2/assets/{id}/download", id: "AssetsController_download", tag: "Assets",
                summary: "Get a link to the file that is good for seven days.", answer: .text
            ) { .text(url(try await asset($0), $0, expiry: clock.now.advanced(by: SignedLinks.validity))) },
            files.endpoint(.asset) { try $0.id(.assetNotFound) as AssetID },
        ]
    }

    private func url(_ asset: Asset, _ call: Call, expiry: Timestamp? = nil) -> String {
        asset.blob == nil
            ? asset.remoteURL ?? "" : files.links.url(.asset, asset.id, base: call.base, expiry: expiry)
    }

    /// An asset as the interface shows it.
    private func json(_ asset: Asset, _ call: Call) -> JSONValue {
        [
            "id": .string(asset.id.rawValue), "createdAt": .string(asset.createdAt.iso8601),
            "updatedAt": .string(asset.updatedAt.iso8601), "name": .string(asset.name),
            "url": .string(url(asset, call)),
            "size": asset.byteCount.map(JSONValue.integer) ?? .null,
            "format": .text(asset.format),
            "type": .string(asset.kind.rawValue.uppercased()),
            "inputType": .string(SyncAssetOrigin(asset.origin).rawValue),
            "durationSeconds": .seconds(asset.durationSeconds),
            "thumbnailUrl": .null, "visibility": .string(SyncVisibility(asset.visibility).rawValue),
            "width": .whole(asset.width),
            "height": .whole(asset.height),
        ]
    }

    private func asset(_ call: Call) async throws -> Asset {
        let id: AssetID = try call.id(.invalidAssetIdFormat)
        guard let asset = try await store.asset(id, organisation: call.organisation) else {
            throw SyncError(.assetNotFound)
        }
        return asset
    }

    private func createAsset(_ call: Call) async throws -> HTTPResponse {
        let body = try AssetBody(try await call.fields(), needsSource: true)
        guard let url = body.url, let kind = body.kind else { throw SyncError(.internalError) }
        let project = try await ReferenceCheck.project(body.project, organisation: call.organisation, in: store)
        let now = clock.now
        var asset = Asset(
            organisation: call.organisation, createdAt: now, name: body.name ?? Self.fileName(of: url), kind: kind,
            origin: .url, visibility: body.visibility ?? .user)
        let link = files.links.subject(of: url, now: now)
        if let link, link.kind == .upload {
            let id = UploadID(rawValue: link.id)
            guard let upload = try await store.upload(id), upload.organisation == call.organisation else {
                throw SyncError(.uploadedFileNotFound, field: "url")
            }
            guard let blob = upload.lifecycle.blob else { throw SyncError(.uploadedFileNotFound, field: "url") }
            // Only a file that is what it is said to be uses up its upload.
            asset.take(try await inspector.facts(of: blob, as: kind, field: .address))
            let action = try await store.updateUpload(id) { $0.register() }
            // Another file may have arrived meanwhile; nobody has looked into that one.
            guard case .register(let registered) = action, registered == blob else {
                throw SyncError(.uploadedFileNotFound, field: "url")
            }
            asset.blob = registered
            asset.origin = .upload
            asset.name = body.name ?? upload.fileName
        } else if let link, let file = try await files.file(of: link) {
            asset.take(try await inspector.facts(of: file.key, as: kind, field: .address))
            asset.blob = file.key
        } else {
            let input = MediaInput(kind: kind, role: kind == .audio ? .voice : .visual, source: .url(url))
            asset.take(try await inspector.facts(of: input, field: .address, organisation: call.organisation))
            asset.remoteURL = url
        }
        try await store.createAsset(asset, project: project)
        return .json(json(asset, call), status: .created)
    }

    private static func fileName(of url: String) -> String {
        let path = url.prefix { $0 != "?" && $0 != "#" }
        let last = path.split(separator: "/").last.map(String.init) ?? ""
        return last.isEmpty || last.contains(":") ? "asset" : String(last.prefix(255))
    }

    private func listAssets(_ call: Call) async throws -> HTTPResponse {
        let query = call.request.query
        let limit = try query.pageLimit()
        let sort: AssetSort? = try query.choice("sortBy")
        let cursor: AssetID? = try query.cursor()
        guard let filter = try assetFilter(call) else {
            return .json(["items": [], "nextCursor": .null, "totalCount": 0])
        }
        let page = try await store.assets(filter, sort: sort ?? .dateDesc, after: cursor, limit: limit)
        return .json([
            "items": .array(page.items.map { json($0, call) }), "nextCursor": .text(page.nextCursor(\.id)),
            "totalCount": .whole(try await store.assetCount(filter)),
        ])
    }

    private func getAssets(_ call: Call) async throws -> HTTPResponse {
        guard let list = try await call.fields().members["ids"]?.array, (1...100).contains(list.count),
            case let ids = list.compactMap({ $0.text.flatMap(AssetID.init(parsing:)) }), ids.count == list.count
        else { throw SyncError(.invalidAssetIdFormat, "ids must be a list of 1 to 100 asset ids.", field: "ids") }
        let filter = AssetFilter(organisation: call.organisation, ids: Set(ids))
        let page = try await store.assets(filter, sort: .dateDesc, after: nil, limit: 100)
        return .json(.array(page.items.map { json($0, call) }))
    }

    private func updateAsset(_ call: Call) async throws -> HTTPResponse {
        let body = try AssetBody(try await call.fields(), needsSource: false)
        var asset = try await asset(call)
        asset.name = body.name ?? asset.name
        asset.visibility = body.visibility ?? asset.visibility
        asset.updatedAt = clock.now
        guard try await store.updateAsset(asset) else { throw SyncError(.assetNotFound) }
        return .json(json(asset, call))
    }

    /// The filter of a list; nil where it cannot meet anything.
    private func assetFilter(_ call: Call) throws(SyncError) -> AssetFilter? {
        let query = call.request.query
        var filter = AssetFilter(organisation: call.organisation, search: query["searchQuery"])
        filter.hasContent = true
        for word in query.list("types") {
            guard let kind = AssetBody.kind(of: word) else {
                throw .invalid("types", "must be among AUDIO, VIDEO, IMAGE.")
            }
            filter.kinds.insert(kind)
        }
        if let text = query["projectId"], !text.isEmpty {
            guard let project = ProjectID(parsing: text) else { return nil }
            filter.project = project
        }
        return filter
    }
}

/// The body of a request about an asset.
private struct AssetBody {
    var url: String?
    var kind: MediaKind?
    var name: String?
    var visibility: Visibility?
    var project: String?

    static func kind(of word: String) -> MediaKind? {
        MediaKind(rawValue: word.lowercased()).flatMap { $0 == .text ? nil : $0 }
    }

    init(_ fields: FieldReader, needsSource: Bool) throws(RequestError) {
        var reader = fields
        url = reader.text("url")
        kind = reader.text("type").flatMap(Self.kind)
        name = reader.text("name")
        let word = reader.text("visibility")
        visibility = word.flatMap(SyncVisibility.init(rawValue:))?.domain
        project = reader.text("projectId")
        if word != nil, visibility == nil { reader.report("visibility", "must be USER or ORGANIZATION.") }
        if let name, !(1...255).contains(name.count) { reader.report("name", "must have 1 to 255 characters.") }
        if needsSource {
            if let problem = WebAddress.problem(in: url ?? "") { reader.report("url", problem) }
            if kind == nil { reader.report("type", "must be VIDEO, AUDIO or IMAGE.") }
        }
        try reader.check()
    }
}
