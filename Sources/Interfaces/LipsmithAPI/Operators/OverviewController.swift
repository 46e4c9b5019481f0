import Generations
import HTTP
import Text
import WebInterface

/// The installation at a glance, and its settings.
struct OverviewController: Sendable {
    private let store: any JobStore & StorageStore
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
                .get, "/v1/operator/settings", id: "listSettings", tag: "Operators", summary: "The server's settings.",
                parameters: PageQuery<OperatorFacts.Setting>.parameters,
                answer: .json(.page(of: Self.settingSchema)), callers: .operators, handle: settings),
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

    private func settings(_ call: Call) throws -> HTTPResponse {
        let wanted = try PageQuery<OperatorFacts.Setting>(call, hasUUIDs: false)
        let page = try wanted.page(of: facts.settings) { Identifier(rawValue: $0.name) }
        return .page(
            page.items.map(Self.json), next: page.nextCursor { Identifier<OperatorFacts.Setting>(rawValue: $0.name) })
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
