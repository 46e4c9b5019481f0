import Access
import Generations
import HTTP
import Text
import WebInterface

/// Generations: listed, looked at, deleted, and their files.
struct GenerationController: Sendable {
    private static let statuses = GenerationStatus.allCases.map(\.rawValue)

    let store: any GenerationStore
    let files: LinkedFiles
    let live: LiveRenders
    let views: GenerationViews
    let deletion: GenerationDeletion

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/generations", id: "listGenerations", tag: "Generations",
                summary: "List generations, newest first.",
                parameters: [
                    .list("status", of: .oneWord(of: Self.statuses), "Only these statuses."),
                    .query("project", .uuid, "Only those of this project."),
                    .query("search", .string, "Only those whose name has this in it."),
                ] + PageQuery<Generation>.parameters, answer: .json(.page(of: .named("Generation"))),
                handle: list),
            Endpoint(
                .get, "/v1/generations/{id}", id: "getGeneration", tag: "Generations", summary: "Get a generation.",
                answer: .json(.named("Generation"))
            ) { call in
                .json(try await views.json(try await generation(call), base: call.base))
            },
            Endpoint(
                .delete, "/v1/generations/{id}", id: "deleteGeneration", tag: "Generations",
                summary: "Delete a generation that has ended, and its files.", statuses: [204]
            ) { call in
                let known = try await generation(call)
                _ = try await deletion.delete(known.id, organisation: call.organisation)
                return HTTPResponse(.noContent)
            },
            Endpoint(
                .get, "/v1/generations/{id}/preview", id: "getPreview", tag: "Generations",
                summary: "Get the newest picture of a running render.", answer: .media("image/jpeg", .file),
                handle: preview),
        ]
            + LinkKind.generationFiles.map { kind in
                files.endpoint(kind) { try $0.id(.generationNotFound) as GenerationID }
            }
    }

    /// The generation of a path.
    ///
    /// - Throws: `GenerationError` of code `generationNotFound`, also for one in which no lips move.
    func generation(_ call: Call) async throws -> Generation {
        guard
            let generation = try await store.generation(
                try call.id(.generationNotFound), organisation: call.organisation),
            generation.request.kind.movesLips
        else { throw GenerationError(.generationNotFound) }
        return generation
    }

    private func list(_ call: Call) async throws -> HTTPResponse {
        var reader = call.query("limit", "cursor", "status", "project", "search")
        let page = PageQuery<Generation>(&reader)
        var filter = GenerationFilter(organisation: call.organisation, kinds: GenerationKind.movingLips)
        filter.project = reader.uuid("project").map(ProjectID.init(rawValue:))
        filter.search = reader.text("search", most: 255)
        for word in call.request.query.list("status") {
            if let status = GenerationStatus(rawValue: word) {
                filter.statuses.insert(status)
            } else {
                reader.report(
                    FieldError(.word(among: Self.statuses, isEnumeration: true), at: ["status"], input: .string(word)))
            }
        }
        try reader.check()
        // One more than is shown tells whether there is a next page.
        let found = try await store.generations(filter, after: page.cursor, limit: page.limit + 1)
        let shown = Page(items: Array(found.prefix(page.limit)), hasMore: found.count > page.limit)
        return .page(try await views.json(shown.items, base: call.base), next: shown.nextCursor(\.id))
    }

    private func preview(_ call: Call) async throws -> HTTPResponse {
        let generation = try await generation(call)
        guard !generation.status.isTerminal, let picture = live.render(generation.id)?.preview else {
            throw LipsmithRefusal(
                .notFound, "preview-missing", "There is no picture of this render.",
                suggestion: "Wait for a preview event of GET /v1/generations/{id}/events.")
        }
        return HTTPResponse(
            .ok,
            headers: [
                "Content-Type": "image/jpeg", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
            ], bytes: picture)
    }
}
