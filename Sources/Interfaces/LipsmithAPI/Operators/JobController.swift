import Generations
import HTTP
import Text
import WebInterface

/// The jobs of all organisations.
struct JobController: Sendable {
    private let store: any JobStore
    private let directory: OrganisationDirectory
    private let cancellation: GenerationCancellation
    private let views: GenerationViews

    init(_ services: InterfaceServices, views: GenerationViews) {
        store = services.store
        directory = OrganisationDirectory(store: services.store, clock: services.clock)
        cancellation = GenerationCancellation(
            store: services.store, signal: services.signal, clock: services.clock)
        self.views = views
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/operator/jobs", id: "listJobs", tag: "Operators",
                summary: "The generations of all organisations that have not ended, the newest first.",
                parameters: PageQuery<Generation>.parameters, answer: .json(.page(of: .named("Job"))),
                callers: .operators, handle: list),
            Endpoint(
                .post, "/v1/operator/jobs/{id}/cancel", id: "cancelJob", tag: "Operators",
                summary: "End a generation of any organisation.", answer: .json(.named("Job")), callers: .operators,
                handle: cancel),
        ]
    }

    private func list(_ call: Call) async throws -> HTTPResponse {
        let wanted = try PageQuery<Generation>(call)
        let page = wanted.page(
            reading: try await store.unfinishedGenerations(after: wanted.cursor, limit: wanted.limit + 1))
        return .page(try await json(page.items, call), next: page.nextCursor(\.id))
    }

    private func cancel(_ call: Call) async throws -> HTTPResponse {
        let ended = try await cancellation.cancel(try call.id(.generationNotFound), organisation: nil)
        return .json(try await json([ended], call)[0])
    }

    private func json(_ generations: [Generation], _ call: Call) async throws -> [JSONValue] {
        let names = try await OrganisationNames(directory)
        return zip(generations, try await views.json(generations, base: call.base)).map { generation, view in
            var members = view.object ?? [:]
            members["organisation"] = names.json(generation.organisation)
            return .object(members)
        }
    }
}
