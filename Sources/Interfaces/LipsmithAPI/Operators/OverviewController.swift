import Generations
import HTTP
import Text
import WebInterface

/// The installation at a glance, its settings, and the jobs of all organisations.
struct OverviewController: Sendable {
    private let store: any GenerationStore & JobStore & StorageStore
    private let blobs: any BlobStore
    private let directory: OrganisationDirectory
    private let facts: OperatorFacts

    init(_ services: InterfaceServices, facts: OperatorFacts) {
        store = services.store
        blobs = services.blobs
        directory = OrganisationDirectory(store: services.store, clock: services.clock)
        self.facts = facts
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/operator/overview", id: "getOverview", tag: "Operators",
                summary: "The installation at a glance.", answer: .json(.object), callers: .operators
            ) { _ in .json(try await overview()) },
            Endpoint(
                .get, "/v1/operator/jobs", id: "listJobs", tag: "Operators",
                summary: "The generations of all organisations that have not ended.",
                parameters: PageQuery<Generation>.parameters, answer: .json(.page(of: .object)), callers: .operators,
                handle: jobs),
            Endpoint(
                .get, "/v1/operator/settings", id: "listSettings", tag: "Operators", summary: "The server's settings.",
                answer: .json(.page(of: Self.settingSchema)), callers: .operators
            ) { _ in .json(["items": .array(facts.settings.map(Self.json)), "next": .null]) },
        ]
    }

    private func overview() async throws -> JSONValue {
        let counts = try await store.jobCounts()
        let names = try await OrganisationNames(directory)
        let free = try await blobs.freeByteCount()
        let warnings = await facts.warnings()
        return [
            "version": .string(facts.version), "startedAt": .time(facts.startedAt),
            "jobs": ["waiting": .whole(counts.waiting), "running": .whole(counts.running)],
            "nodes": .array(
                facts.nodes.map {
                    ["name": .string($0.name), "slots": .whole($0.slots), "isLocal": .bool($0.isLocal)]
                }),
            "storage": .array(
                try await store.storageUses().map {
                    [
                        "organisation": names.json($0.organisation), "inputBytes": .integer($0.inputByteCount),
                        "outputBytes": .integer($0.outputByteCount),
                    ]
                }),
            "freeBytes": free.map(JSONValue.integer) ?? .null,
            "warnings": .array(warnings.map(JSONValue.string)),
        ]
    }

    private func jobs(_ call: Call) async throws -> HTTPResponse {
        let wanted = try PageQuery<Generation>(call.request.query)
        let names = try await OrganisationNames(directory)
        let page = wanted.page(
            reading: try await store.unfinishedGenerations(after: wanted.cursor, limit: wanted.limit + 1))
        return .list(page, id: \.id) { generation in
            var members = Self.members(generation)
            members["organisation"] = names.json(generation.organisation)
            return .object(members)
        }
    }

    private static func members(_ generation: Generation) -> [String: JSONValue] {
        [
            "id": .string(generation.id.rawValue), "status": .string(generation.status.rawValue),
            "progress": .number(generation.progress), "createdAt": .time(generation.createdAt),
            "startedAt": .time(generation.startedAt), "model": .string(generation.request.model),
            "name": .text(generation.request.outputFileName), "project": .text(generation.project?.rawValue),
            "source": .string(generation.source),
        ]
    }

    private static func json(_ setting: OperatorFacts.Setting) -> JSONValue {
        [
            "name": .string(setting.name), "value": .string(setting.value), "isSet": .bool(setting.isSet),
            "default": .string(setting.defaultValue), "summary": .string(setting.summary),
        ]
    }

    private static let settingSchema = Schema.object(
        ["name": .string, "value": .string, "isSet": .boolean, "default": .string, "summary": .string],
        required: ["name", "value", "isSet", "default", "summary"])
}
