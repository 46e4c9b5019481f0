import Gateway
import Generations
import HTTP

extension SyncAPI {
    var assetEndpoints: [Endpoint] {
        let filters: [Operation.Parameter] = [
            .query("projectId", .uuid, "Only those of this project."),
            .query("types", .list(of: .oneWord(of: ["AUDIO", "VIDEO", "IMAGE"])), "Only these kinds."),
            .query("searchQuery", .string, "Only those whose name has this in it."),
        ]
        return [
            Endpoint(
                .post, "/v2/assets",
                Operation(
                    id: "AssetsController_create", tag: "Assets",
                    summary: "Make an asset of an uploaded file or of a public address.",
                    body: [
                        (
                            "application/json",
                            .object(
                                [
                                    "url": .address, "type": .oneWord(of: ["AUDIO", "VIDEO", "IMAGE"]),
                                    "name": .string(1...255),
                                    "visibility": .oneWord(of: Visibility.allCases.map(\.rawValue)),
                                    "projectId": .uuid,
                                ], required: ["url", "type"])
                        )
                    ], success: 201, content: .json(.named("Asset"))), handle: createAsset),
            Endpoint(
                .get, "/v2/assets",
                Operation(
                    id: "AssetsController_getAll", tag: "Assets", summary: "List assets.",
                    parameters: filters + [
                        .query("limit", .integer(1...100), "Assets on a page; 10 unless given."),
                        .query("cursor", .uuid, "The nextCursor of the page before."),
                        .query("sortBy", .oneWord(of: AssetSort.allCases.map(\.rawValue)), "The order."),
                    ], content: .json(.named("AssetPage"))), handle: listAssets),
            Endpoint(
                .get, "/v2/assets/count",
                Operation(
                    id: "AssetsController_count", tag: "Assets", summary: "Count assets.", parameters: filters,
                    content: .json(.integer))
            ) { call in
                guard let filter = try assetFilter(call) else { return .json(0) }
                let count = try await store.assetCount(filter)
                return .json(.integer(Int64(count)))
            },
            Endpoint(
                .post, "/v2/assets/batch",
                Operation(
                    id: "AssetsController_getBatch", tag: "Assets", summary: "Get several assets.",
                    body: [("application/json", .object(["ids": .list(of: .uuid, 1...100)], required: ["ids"]))],
                    content: .json(.list(of: .named("Asset")))), handle: getAssets),
            Endpoint(
                .get, "/v2/assets/{id}",
                Operation(
                    id: "AssetsController_get", tag: "Assets", summary: "Get an asset.",
                    content: .json(.named("Asset")))
            ) { call in
                let asset = try await asset(call)
                return .json(json(asset, call))
            },
            Endpoint(
                .patch, "/v2/assets/{id}",
                Operation(
                    id: "AssetsController_update", tag: "Assets", summary: "Rename an asset, or show it to others.",
                    body: [
                        (
                            "application/json",
                            .object([
                                "name": .string(1...255),
                                "visibility": .oneWord(of: Visibility.allCases.map(\.rawValue)),
                            ])
                        )
                    ], content: .json(.named("Asset"))), handle: updateAsset),
            Endpoint(
                .delete, "/v2/assets/{id}",
                Operation(
                    id: "AssetsController_delete", tag: "Assets", summary: "Delete an asset.",
                    content: .json(.named("Asset")))
            ) { call in
                let id: AssetID = try call.id(.invalidAssetIdFormat)
                guard let asset = try await store.deleteAsset(id, organisation: call.organisation) else {
                    throw GenerationError(.assetNotFound)
                }
                return .json(json(asset, call))
            },
            Endpoint(
                .get, "/v2/assets/{id}/download",
                Operation(
                    id: "AssetsController_download", tag: "Assets",
                    summary: "Get a link to the file that is good for seven days.", content: .text)
            ) { call in
                let asset = try await asset(call)
                let expiry = clock.now.advanced(by: DownloadLinks.validity)
                return .text(
                    asset.blob == nil
                        ? asset.remoteURL ?? "" : links.url(.asset(asset.id), base: call.base, expiry: expiry))
            },
            .open(.get, "/v2/assets/{id}/content") { try await file(.asset(try $0.id(.assetNotFound)), $0) },
        ]
    }

    /// An asset as the interface shows it.
    private func json(_ asset: Asset, _ call: Call) -> JSONValue {
        func whole(_ number: Int?) -> JSONValue { number.map { .integer(Int64($0)) } ?? .null }
        return [
            "id": .string(asset.id.rawValue), "createdAt": .string(asset.createdAt.iso8601),
            "updatedAt": .string(asset.updatedAt.iso8601), "name": .string(asset.name),
            "url": .string(
                asset.blob == nil ? asset.remoteURL ?? "" : links.url(.asset(asset.id), base: call.base)),
            "size": asset.byteCount.map(JSONValue.integer) ?? .null,
            "format": asset.format.map(JSONValue.string) ?? .null,
            "type": .string(asset.kind.rawValue.uppercased()), "inputType": .string(asset.origin.rawValue),
            "durationSeconds": asset.durationSeconds.map { .number(($0 * 1000).rounded() / 1000) } ?? .null,
            "thumbnailUrl": .null, "visibility": .string(asset.visibility.rawValue), "width": whole(asset.width),
            "height": whole(asset.height),
        ]
    }

    private func asset(_ call: Call) async throws -> Asset {
        let id: AssetID = try call.id(.invalidAssetIdFormat)
        guard let asset = try await store.asset(id, organisation: call.organisation) else {
            throw GenerationError(.assetNotFound)
        }
        return asset
    }

    private func createAsset(_ call: Call) async throws -> HTTPResponse {
        let members = try await members(of: call)
        let body = try AssetBody(members, needsSource: true)
        guard let url = body.url, let kind = body.kind else { throw GenerationError(.internalError) }
        let project = try await ReferenceCheck.project(body.project, organisation: call.organisation, in: store)
        let now = clock.now
        var asset = Asset(
            organisation: call.organisation, createdAt: now, name: body.name ?? Self.fileName(of: url), kind: kind,
            origin: .url, visibility: body.visibility ?? .user)
        let subject = links.subject(of: url, now: now)
        if case .upload(let id) = subject {
            guard let upload = try await store.upload(id), upload.organisation == call.organisation else {
                throw GenerationError(.uploadedFileNotFound, field: "url")
            }
            guard let blob = upload.lifecycle.blob else { throw GenerationError(.uploadedFileNotFound, field: "url") }
            // Only a file that is what it is said to be uses up its upload.
            asset.take(try await inspector.facts(of: blob, as: kind, field: "url"))
            let action = try await store.updateUpload(id) { $0.register() }
            // Another file may have arrived meanwhile; nobody has looked into that one.
            guard case .register(let registered) = action, registered == blob else {
                throw GenerationError(.uploadedFileNotFound, field: "url")
            }
            asset.blob = registered
            asset.origin = .upload
            asset.name = body.name ?? upload.fileName
        } else if let subject, let file = try await LocalMedia(store: store).file(of: subject) {
            asset.take(try await inspector.facts(of: file.key, as: kind, field: "url"))
            asset.blob = file.key
        } else {
            let input = MediaInput(kind: kind, role: kind == .audio ? .voice : .visual, source: .url(url))
            asset.take(try await inspector.facts(of: input, field: "url", organisation: call.organisation))
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
        let limit = try Self.pageLimit(query)
        let sort = try query["sortBy"].map { word throws(GenerationError) in
            guard let sort = AssetSort(rawValue: word) else {
                throw Self.invalid(
                    "sortBy", "must be one of \(AssetSort.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return sort
        }
        let cursor: AssetID? = try Self.cursor(query)
        guard let filter = try assetFilter(call) else {
            return .json(["items": [], "nextCursor": .null, "totalCount": 0])
        }
        let page = try await store.assets(filter, sort: sort ?? .dateDesc, after: cursor, limit: limit)
        let next = page.hasMore ? page.items.last?.id.rawValue : nil
        return .json([
            "items": .array(page.items.map { json($0, call) }), "nextCursor": next.map(JSONValue.string) ?? .null,
            "totalCount": .integer(Int64(try await store.assetCount(filter))),
        ])
    }

    private func getAssets(_ call: Call) async throws -> HTTPResponse {
        let members = try await members(of: call)
        guard let list = members["ids"]?.array, (1...100).contains(list.count),
            case let ids = list.compactMap({ $0.text.flatMap(AssetID.init(parsing:)) }), ids.count == list.count
        else { throw GenerationError(.invalidAssetIdFormat, "ids must be a list of 1 to 100 asset ids.", field: "ids") }
        let filter = AssetFilter(organisation: call.organisation, ids: Set(ids))
        let page = try await store.assets(filter, sort: .dateDesc, after: nil, limit: 100)
        return .json(.array(page.items.map { json($0, call) }))
    }

    private func updateAsset(_ call: Call) async throws -> HTTPResponse {
        let body = try AssetBody(try await members(of: call), needsSource: false)
        var asset = try await asset(call)
        asset.name = body.name ?? asset.name
        asset.visibility = body.visibility ?? asset.visibility
        asset.updatedAt = clock.now
        guard try await store.updateAsset(asset) else { throw GenerationError(.assetNotFound) }
        return .json(json(asset, call))
    }

    /// The filter of a list; nil where it cannot meet anything.
    private func assetFilter(_ call: Call) throws(GenerationError) -> AssetFilter? {
        let query = call.request.query
        var filter = AssetFilter(organisation: call.organisation, search: query["searchQuery"])
        filter.hasContent = true
        for word in Self.words(query, "types") {
            guard let kind = AssetBody.kind(of: word) else {
                throw Self.invalid("types", "must be among AUDIO, VIDEO, IMAGE.")
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
        switch word.uppercased() {
        case "VIDEO": .video
        case "AUDIO": .audio
        case "IMAGE": .image
        default: nil
        }
    }

    init(_ members: [String: JSONValue], needsSource: Bool) throws(GenerationError) {
        var reader = WireReader()
        url = reader.text(members["url"], "url")
        kind = reader.text(members["type"], "type").flatMap(Self.kind)
        name = reader.text(members["name"], "name")
        let word = reader.text(members["visibility"], "visibility")
        visibility = word.flatMap(Visibility.init(rawValue:))
        project = reader.text(members["projectId"], "projectId")
        if word != nil, visibility == nil { reader.report("visibility", "must be USER or ORGANIZATION.") }
        if let name, !(1...255).contains(name.count) { reader.report("name", "must have 1 to 255 characters.") }
        if needsSource {
            if let problem = WebAddress.problem(in: url ?? "") { reader.report("url", problem) }
            if kind == nil { reader.report("type", "must be VIDEO, AUDIO or IMAGE.") }
        }
        if let refusal = GenerationError(reader.problems) { throw refusal }
    }
}
