import Access
import Generations
import HTTP
import Text
import Time
import WebInterface

/// Generations: listed, looked at, deleted, and their files.
struct GenerationController: Sendable {
    private static let pageSize = 50

    let store: any GenerationStore
    let blobs: any BlobStore
    let files: LinkedFiles
    let lookup: GenerationLookup
    let view: GenerationView
    let clock: any WallClock

    private var listing: [Endpoint] {
        let filters: [Endpoint.Parameter] = [
            .list("status", of: .oneWord(of: WireSchemas.statusNames), "Only these statuses."),
            .list("ids", of: .uuid, "Only these generations."),
            .list(
                "source", of: .string,
                "Only those that these programs sent; hedra for those of Hedra's interface, lipsmith for those of Lipsmith's own, which are left out otherwise."
            ),
            .query("projectId", .uuid, "Only those of this project."),
        ]
        return [
            Endpoint(
                .get, "/v2/generations", id: "GenerateController_getGenerations", tag: "Generate",
                summary: "List generations, newest first.",
                parameters: filters + [
                    .query("limit", .integer(1...100), "Turns on paging."),
                    .query("cursor", .uuid, "The last generation of the page before; needs limit."),
                ], answer: .json(.list(of: .named("Generation"))), handle: listGenerations),
            Endpoint(
                .get, "/v2/generations/count", id: "GenerationsController_count", tag: "Generations",
                summary: "Count generations.",
                parameters: filters + [
                    .query("type", .oneWord(of: ["playground", "api"]), "Where they were made."),
                    .list("generationSource", of: .string, "The same as source."),
                    .query("currentUserOnly", .boolean, "Has no effect: keys have no users here."),
                ], answer: .json(.object(["count": .integer], required: ["count"])), handle: countGenerations),
        ]
    }

    var endpoints: [Endpoint] {
        listing + [
            Endpoint(
                .get, "/v2/generations/{id}", id: "GenerationsController_getById", tag: "Generations",
                summary: "Get a generation.", answer: .json(.named("Generation"))
            ) { try await lookup.current(try $0.id(.invalidGenerationId), $0) },
            Endpoint(
                .delete, "/v2/generations/{id}", id: "GenerationsController_delete", tag: "Generations",
                summary: "Delete a generation that has ended, and its video.", answer: .json(.named("Generation")),
                handle: deleteGeneration),
            Endpoint(
                .get, "/v2/generations/{id}/download", id: "GenerationsController_download", tag: "Generations",
                summary: "Get a link to the video that is good for seven days.", answer: .text,
                handle: downloadGeneration),
        ]
            + [LinkKind.result, .segment, .speech].map { kind in
                files.endpoint(kind) { try $0.id(.generationNotFound) as GenerationID }
            }
    }

    private func listGenerations(_ call: Call) async throws -> HTTPResponse {
        let query = call.request.query
        let filter = try filter(call)
        guard query["limit"] != nil else {
            if query["cursor"] != nil { throw SyncError.invalid("cursor", "needs limit.") }
            return try await listAll(filter, call)
        }
        let limit = try query.pageLimit()
        let cursor: GenerationID? = try query.cursor(predicate: "must be a generation's id.")
        guard let filter else { return .json([]) }
        let page = try await store.generations(filter, after: cursor, limit: limit)
        return .json(.array(page.map { view.json($0, base: call.base) }))
    }

    /// Everything at once, as clients without paging expect it: read and sent in pages, so that a long list takes no
    /// more memory than a short one.
    private func listAll(_ filter: GenerationFilter?, _ call: Call) async throws -> HTTPResponse {
        guard let filter else { return .json([]) }
        let first = try await store.generations(filter, after: nil, limit: Self.pageSize)
        guard first.count == Self.pageSize else {
            return .json(.array(first.map { view.json($0, base: call.base) }))
        }
        return .stream(headers: ["Content-Type": "application/json"]) { [store, view] writer in
            var page = first
            var separator = "["
            while let last = page.last {
                var text: [UInt8] = []
                for generation in page {
                    text += separator.utf8
                    text += view.json(generation, base: call.base).utf8
                    separator = ","
                }
                try await writer.write(text)
                page = try await store.generations(filter, after: last.id, limit: Self.pageSize)
            }
            try await writer.write("]")
        }
    }

    private func countGenerations(_ call: Call) async throws -> HTTPResponse {
        let type = call.request.query["type"]
        guard type == nil || type == "playground" || type == "api" else {
            throw SyncError.invalid("type", "must be playground or api.")
        }
        var count = 0
        // Nothing here is made in a playground.
        if type != "playground", let filter = try filter(call) { count = try await store.generationCount(filter) }
        return .json(["count": .integer(Int64(count))])
    }

    /// The filter of a list; nil where it cannot meet anything.
    private func filter(_ call: Call) throws(SyncError) -> GenerationFilter? {
        let query = call.request.query
        var filter = GenerationFilter(organisation: call.organisation)
        // Texts that are spoken alone have a list of their own.
        filter.kinds = GenerationKind.movingLips
        let statuses = query.list("status")
        for word in statuses {
            guard let statuses = GenerationView.statuses(for: word) else {
                throw .invalid("status", "must be among \(WireSchemas.statusNames.joined(separator: ", ")).")
            }
            filter.statuses.formUnion(statuses)
        }
        if !statuses.isEmpty, filter.statuses.isEmpty { return nil }
        let ids = query.list("ids")
        filter.ids = Set(ids.compactMap(GenerationID.init(parsing:)))
        if !ids.isEmpty, filter.ids.isEmpty { return nil }
        filter.sources = Set(
            (query.list("source") + query.list("generationSource")).map { $0.lowercased() })
        // Their models are not all this interface's, and a client that knows an enumeration loses the whole list by one.
        if filter.sources.isEmpty { filter.excludedSources = GenerationSource.interfaces }
        if let text = query["projectId"], !text.isEmpty {
            guard let project = ProjectID(parsing: text) else { return nil }
            filter.project = project
        }
        return filter
    }

    private func deleteGeneration(_ call: Call) async throws -> HTTPResponse {
        let id: GenerationID = try call.id(.invalidGenerationId)
        let generation = try await GenerationDeletion(store: store, blobs: blobs)
            .delete(id, organisation: call.organisation)
        return .json(view.json(generation, base: call.base))
    }

    private func downloadGeneration(_ call: Call) async throws -> HTTPResponse {
        let id: GenerationID = try call.id(.invalidGenerationId)
        guard let generation = try await store.generation(id, organisation: call.organisation) else {
            throw SyncError(.generationNotFound)
        }
        guard generation.output != nil else {
            throw SyncError(.generationConflict, "The generation has no video: it is \(generation.status).")
        }
        let expiry = clock.now.advanced(by: SignedLinks.validity)
        return .text(files.links.url(.result, id, base: call.base, expiry: expiry))
    }
}
