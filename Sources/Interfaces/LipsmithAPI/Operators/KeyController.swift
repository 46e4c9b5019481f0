import Access
import Generations
import HTTP
import Text
import Time
import WebInterface

/// The keys of all organisations.
struct KeyController: Sendable {
    private let store: any KeyStore
    private let authenticator: Authenticator
    private let directory: OrganisationDirectory
    private let clock: any WallClock

    init(_ services: InterfaceServices) {
        store = services.store
        authenticator = services.authenticator
        directory = OrganisationDirectory(store: services.store, clock: services.clock)
        clock = services.clock
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/operator/keys", id: "listKeys", tag: "Operators", summary: "All keys, the oldest first.",
                parameters: PageQuery<APIKey>.parameters, answer: .json(.page(of: Self.schema())), callers: .operators,
                handle: list),
            Endpoint(
                .post, "/v1/operator/keys", id: "createKey", tag: "Operators",
                summary: "Make a key; its secret is shown once.",
                body: [
                    .json(
                        .object(
                            [
                                "name": .string(1...255), "organisation": .string(1...255),
                                "role": .oneWord(of: Role.self),
                            ], required: ["name"]))
                ], statuses: [201], answer: .json(Self.schema(["secret": .string])), callers: .operators,
                handle: create),
            Endpoint(
                .delete, "/v1/operator/keys/{id}", id: "revokeKey", tag: "Operators", summary: "Revoke a key.",
                statuses: [204], callers: .operators, handle: revoke),
        ]
    }

    private func list(_ call: Call) async throws -> HTTPResponse {
        let wanted = try PageQuery<APIKey>(call)
        let names = try await OrganisationNames(directory)
        let page = try wanted.page(of: try await store.keys(), id: \.id)
        return .page(page.items.map { .object(Self.members($0, names)) }, next: page.nextCursor(\.id))
    }

    private func create(_ call: Call) async throws -> HTTPResponse {
        var reader = try await call.fields(["name", "organisation", "role"])
        let name = reader.text("name", isRequired: true, most: 255, least: 1)
        let owner = reader.text("organisation", most: 255, least: 1)
        let role = reader.word("role", among: Role.allCases.map(\.rawValue))
        try reader.check()
        // Without a name, the operator's own.
        let organisation = try await owner == nil ? call.organisation : directory.named(owner).id
        let (key, secret) = APIKey.issue(
            name: name ?? "", organisation: organisation, role: role.flatMap(Role.init(rawValue:)) ?? .member,
            now: clock.now)
        try await store.createKey(key)
        var members = Self.members(key, try await OrganisationNames(directory))
        members["secret"] = .string(secret)
        return .json(.object(members), status: .created)
    }

    private func revoke(_ call: Call) async throws -> HTTPResponse {
        guard let id = APIKeyID(parsing: call.parameter()), try await store.revokeKey(id, now: clock.now) else {
            throw LipsmithRefusal(
                .notFound, "key-not-found", "There is no such key in use.",
                suggestion: "GET /v1/operator/keys lists all keys, by their ids.")
        }
        authenticator.forget(.key(id))
        return HTTPResponse(.noContent)
    }

    private static func members(_ key: APIKey, _ names: OrganisationNames) -> [String: JSONValue] {
        [
            "id": .string(key.id.rawValue), "name": .string(key.name), "organisation": names.json(key.organisation),
            "role": .string(key.role.rawValue), "createdAt": .time(key.createdAt), "revokedAt": .time(key.revokedAt),
        ]
    }

    private static func schema(_ others: [String: Schema] = [:]) -> Schema {
        let own: [String: Schema] = [
            "id": .uuid, "name": .string, "organisation": OrganisationNames.schema, "role": .oneWord(of: Role.self),
            "createdAt": .time, "revokedAt": Schema.time.nullable,
        ]
        let all = own.merging(others) { $1 }
        return .object(all, required: all.keys.sorted())
    }
}
