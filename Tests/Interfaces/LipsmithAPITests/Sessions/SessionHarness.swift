import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Testing
import Text
import Time
import WebInterface

/// Lipsmith's own interface, for tests that send no media.
typealias SessionHarness = InterfaceHarness<LipsmithAPI>

extension InterfaceHarness where Interface == LipsmithAPI {
    convenience init(facts: OperatorFacts, requestsPerMinute: Int = 0) async throws {
        var parts = Parts(links: [], errors: LipsmithAPI.errors) { _ in NoMedia() }
        parts.requestsPerMinute = requestsPerMinute
        try await self.init(parts) { services, _ in
            LipsmithAPI(services, facts: facts)
        } register: { api, router in
            api.register(on: &router)
        }
    }

    /// Sends a request by cookie alone, as a page of the server does.
    func page(
        _ method: HTTPMethod, _ target: String, cookie: String, json: JSONValue? = nil,
        headers others: HTTPHeaders = ["Origin": "http://lips.test:8080"]
    ) async throws -> Answer {
        var headers = others
        headers["Cookie"] = cookie
        guard let json else { return try await send(method, target, headers: headers, key: "") }
        return try await send(method, target, json: json, headers: headers, key: "")
    }

    /// Makes a link as an operator, and gives the secret in it.
    func link(_ role: Role = .member, organisation: String? = nil) async throws -> String {
        var body: [String: JSONValue] = ["role": .string(role.rawValue)]
        if let organisation { body["organisation"] = .string(organisation) }
        let made = try await send(.post, "/v1/sign-in-links", json: .object(body), key: try await operatorKey())
        #expect(made.status == 201)
        let url = try #require(made["url"]?.text)
        let begin = "http://lips.test:8080/studio#enter="
        #expect(url.hasPrefix(begin))
        return String(url.dropFirst(begin.count))
    }

    /// Opens a link.
    func open(_ secret: String, headers: HTTPHeaders = [:]) async throws -> Answer {
        try await send(.post, "/v1/sessions", json: ["token": .string(secret)], headers: headers, key: "")
    }
}

/// Looks into no medium.
private struct NoMedia: MediaInspector {
    func checkAccess(to input: MediaInput, field: RequestField, organisation: OrganisationID) async throws {
        throw GenerationError(.inspectionUnavailable)
    }

    func facts(of input: MediaInput, field: RequestField, organisation: OrganisationID) async throws -> MediaFacts {
        throw GenerationError(.inspectionUnavailable)
    }

    func facts(of blob: BlobKey, as kind: MediaKind, field: RequestField) async throws -> MediaFacts {
        throw GenerationError(.inspectionUnavailable)
    }
}

extension OperatorFacts {
    /// What a server for tests tells of itself.
    static let test = OperatorFacts(
        version: "9.8.7", startedAt: Timestamp(milliseconds: 1_767_225_600_000), uploadByteLimit: 1_000_000,
        nodes: [Node(name: "here", slots: 3, isLocal: true)],
        settings: [
            Setting(name: "port", value: "9000", isSet: true, defaultValue: "8080", summary: "The port."),
            Setting(name: "a-key", value: "•••", isSet: true, defaultValue: "", summary: "A key."),
        ], warnings: { ["It is cold."] })
}

extension Answer {
    /// The code of a refusal; nil unless it has the interface's form.
    var refusalCode: String? {
        guard let error = self["error"]?.object, Set(error.keys) == Self.errorMembers else { return nil }
        return error["code"]?.text
    }

    private static let errorMembers: Set = ["code", "message", "suggestion", "field", "requestId"]

    /// Whether a member is there and `null`.
    func isNull(_ name: String) -> Bool { json.isNull(name) }

    /// The value of the session's cookie that a browser is given; empty where it is taken away.
    var cookie: String? {
        headers["Set-Cookie"].flatMap { field in
            field.split(separator: ";").first.map(String.init)
        }
    }
}

extension JSONValue {
    /// Whether a member is there and `null`.
    func isNull(_ name: String) -> Bool { object?[name] == .null }
}
