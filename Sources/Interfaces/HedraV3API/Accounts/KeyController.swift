import Access
import Generations
import HTTP
import Text
import Time
import WebInterface

/// Keys of an organisation, and short-lived tokens for browsers.
struct KeyController: Sendable {
    private static let scope = "keys:manage"
    /// Every part of the interface that a key may be restricted to.
    private static let scopes = [
        "jobs:read", "jobs:write", "models:read", "files:write", "webhooks:manage", "log_drains:manage", "usage:read",
        "keys:manage", "chat:write",
    ]
    private static let kinds = ["personal", "service"]
    private static let usualGraceSeconds = 86_400
    private static let longestGraceSeconds = 30 * 86_400
    private static let usualTokenSeconds = 600
    private static let longestTokenSeconds = 3600

    let store: any KeyStore
    let authenticator: Authenticator
    let clock: any WallClock

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/keys", id: "listKeys", tag: "Keys", summary: "The keys of the organisation.",
                parameters: [.query("workspace_id", .string)], answer: .json(.named("KeyList")), scope: Self.scope,
                handle: list),
            Endpoint(
                .post, "/keys", id: "createKey", tag: "Keys", summary: "Make a key; its secret is shown once.",
                body: [
                    .json(
                        .object(
                            [
                                "name": Schema.string(1...255).nullable, "kind": .oneWord(of: Self.kinds),
                                "scopes": Schema.list(of: .oneWord(of: Self.scopes)).nullable,
                                "workspace_id": Schema.string.nullable, "expires_at": Schema.time.nullable,
                            ], isOpen: true))
                ], statuses: [201], answer: .json(.named("NewKey")), scope: Self.scope, handle: create),
            Endpoint(
                .post, "/keys/{id}/rotate", id: "rotateKey", tag: "Keys",
                summary: "Give a key another secret; the one of before goes on for a while.",
                body: [
                    .json(
                        .object(
                            ["grace_period_seconds": .integer(0...Self.longestGraceSeconds)], isOpen: true))
                ], answer: .json(.named("NewKey")), scope: Self.scope, handle: rotate),
            Endpoint(
                .delete, "/keys/{id}", id: "revokeKey", tag: "Keys", summary: "Revoke a key.", statuses: [204],
                scope: Self.scope, handle: revoke),
            Endpoint(
                .post, "/tokens", id: "createToken", tag: "Keys",
                summary: "Make a token that stands for the key for some minutes.",
                body: [
                    .json(
                        .object(
                            [
                                "ttl_seconds": Schema.integer(1...Self.longestTokenSeconds).nullable,
                                "scopes": Schema.list(of: .oneWord(of: Self.scopes)).nullable,
                            ], isOpen: true))
                ], statuses: [201], answer: .json(.named("Token")),
                scope: Endpoint.anyScope, handle: createToken),
        ]
    }

    private func members(_ call: Call) async throws -> [String: JSONValue] {
        // Some clients send nothing where they wish for nothing.
        do { return try await call.members() } catch RequestError.body(.empty) { return [:] }
    }

    private static func read(_ reader: inout FieldReader) -> Set<String>? {
        guard let value = reader.members["scopes"], !value.isNull else { return nil }
        let place: [JSONValue] = ["scopes"]
        guard let list = reader.list(value, at: place, most: 50) else { return nil }
        for (index, item) in list.enumerated() where item.text.map(scopes.contains) != true {
            reader.report(
                FieldError(.word(among: scopes, isEnumeration: true), at: place + [.whole(index)], input: item))
        }
        return Set(list.compactMap(\.text))
    }

    /// Refuses scopes that the caller's own key has not; without any, a new key has those of the caller's.
    private static func check(_ wanted: Set<String>?, _ call: Call) throws {
        guard let own = call.caller?.scopes, let wanted else { return }
        let more = wanted.subtracting(own)
        if let scope = more.min() { throw AuthenticationFailure.outOfScope(scope) }
    }

    private static func checkWorkspace(_ text: String?, _ call: Call) throws(V3Refusal) {
        guard let text, !text.isEmpty, text != call.organisation.rawValue else { return }
        throw V3Refusal.notFound("There is no workspace of that id.")
    }

    private static func row(_ key: APIKey, now: Timestamp) -> [String: JSONValue] {
        [
            "key_id": .string(key.id.rawValue), "kind": "service", "name": .string(key.name),
            "scopes": .texts(key.scopes?.sorted()), "workspace_id": .string(key.organisation.rawValue),
            "created_at": .time(key.createdAt), "expires_at": .time(key.expiresAt),
        ]
    }

    private func list(_ call: Call) async throws -> HTTPResponse {
        try Self.checkWorkspace(call.request.query["workspace_id"], call)
        let now = clock.now
        let keys = try await store.keys().filter { $0.organisation == call.organisation }.map { key -> JSONValue in
            var row = Self.row(key, now: now)
            let isOver = key.expiresAt.map { $0 <= now } ?? false
            row["status"] = key.revokedAt != nil ? "revoked" : isOver ? "expired" : "active"
            row["revoked_at"] = .time(key.revokedAt)
            row["last_used_at"] = .null
            return .object(row)
        }
        return .json(["data": .array(keys), "next_cursor": .null])
    }

    private func create(_ call: Call) async throws -> HTTPResponse {
        var reader = FieldReader(try await members(call), rules: .hedraV3)
        let name = reader.text("name", most: 255, least: 1) ?? "API key"
        let kind = reader.word("kind", among: Self.kinds) ?? "service"
        let scopes = Self.read(&reader)
        let expiry = reader.time("expires_at")
        let workspace = reader.text("workspace_id")
        if let expiry, expiry <= clock.now { reader.report("expires_at", "must lie in the future.") }
        try reader.check()
        try Self.checkWorkspace(workspace, call)
        try Self.check(scopes, call)
        _ = try await ownKey(call)
        let (key, secret) = APIKey.issueNamed(
            name: name, organisation: call.organisation, role: .member, scopes: scopes ?? call.caller?.scopes,
            expiresAt: expiry, now: clock.now)
        try await store.createKey(key)
        var row = Self.row(key, now: clock.now)
        row["credential"] = .string(secret)
        row["kind"] = .string(kind)
        return .json(.object(row), status: .created)
    }

    /// The key that the caller came with. A token, which ends soon, must not make anything that lasts longer.
    private func ownKey(_ call: Call) async throws -> APIKeyID {
        guard let credential = call.caller?.credential, case .key(let id) = credential,
            try await store.keys().contains(where: { $0.id == id })
        else { throw V3Refusal(.permissionDenied, "A token makes no keys and no tokens; use the key itself.") }
        return id
    }

    /// The key of a path.
    private func key(_ call: Call) async throws -> APIKey {
        let missing = V3Refusal.notFound("There is no key of that id.")
        guard let id = APIKeyID(parsing: call.parameter()),
            let key = try await store.keys().first(where: { $0.id == id && $0.organisation == call.organisation })
        else { throw missing }
        _ = try await ownKey(call)
        // A key must not open more by means of another one.
        guard let scopes = key.scopes else {
            // Without scopes it opens other interfaces, too.
            guard call.caller?.scopes == nil else { throw AuthenticationFailure.outOfScope(nil) }
            guard key.role == .member || call.isOperator else { throw AuthenticationFailure.operatorOnly }
            return key
        }
        try Self.check(scopes, call)
        guard key.role == .member || call.isOperator else { throw AuthenticationFailure.operatorOnly }
        return key
    }

    private func rotate(_ call: Call) async throws -> HTTPResponse {
        var reader = FieldReader(try await members(call), rules: .hedraV3)
        let grace = reader.integer("grace_period_seconds", in: 0...Self.longestGraceSeconds) ?? Self.usualGraceSeconds
        try reader.check()
        let key = try await self.key(call)
        let secret = APIKey.namedSecret(of: key.id)
        let end = clock.now.advanced(by: .seconds(grace))
        guard
            try await store.replaceSecret(
                of: key.id, organisation: call.organisation, digest: APIKey.digest(of: secret),
                hint: String(secret.prefix(8)), oldUntil: end)
        else { throw V3Refusal(.failedPrecondition, "The key is revoked.") }
        authenticator.forget(.key(key.id))
        var row = Self.row(key, now: clock.now)
        row["credential"] = .string(secret)
        row["previous_secret_expires_at"] = .time(end)
        return .json(.object(row))
    }

    private func revoke(_ call: Call) async throws -> HTTPResponse {
        let key = try await self.key(call)
        _ = try await store.revokeKey(key.id, now: clock.now)
        authenticator.forget(.key(key.id))
        return HTTPResponse(.noContent)
    }

    private func createToken(_ call: Call) async throws -> HTTPResponse {
        var reader = FieldReader(try await members(call), rules: .hedraV3)
        let seconds = reader.integer("ttl_seconds", in: 1...Self.longestTokenSeconds) ?? Self.usualTokenSeconds
        let scopes = Self.read(&reader)
        try reader.check()
        try Self.check(scopes, call)
        let parent = try await ownKey(call)
        let end = clock.now.advanced(by: .seconds(seconds))
        let (key, secret) = APIKey.issueNamed(
            name: "token", organisation: call.organisation, role: .member, scopes: scopes ?? call.caller?.scopes,
            expiresAt: end, parent: parent, now: clock.now)
        try await store.createKey(key)
        return .json(["token": .string(secret), "expires_at": .time(end)], status: .created)
    }
}
