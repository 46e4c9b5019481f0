import Generations
import HTTP
public import Text

/// The description of an interface in OpenAPI 3.0, made of its endpoints.
public struct OpenAPIDocument: Sendable {
    /// Of the interface.
    public var version: String
    /// One sentence about the interface.
    public var summary: String
    /// The ways to send a key, each enough by itself, by their names.
    public var keys: KeyValuePairs<String, JSONValue>
    /// The named schemas; `Error` is the body of every refusal.
    public var schemas: [String: Schema]
    /// One sentence about the body of a refusal.
    public var refusal: String
    /// Whether an endpoint without parameters has an empty list of them.
    public var listsNoParameters = false

    /// Describes an interface.
    public init(
        version: String, summary: String, keys: KeyValuePairs<String, JSONValue>, schemas: [String: Schema],
        refusal: String
    ) {
        self.version = version
        self.summary = summary
        self.keys = keys
        self.schemas = schemas
        self.refusal = refusal
    }

    /// A key in a header.
    public static func headerKey(_ name: String) -> JSONValue {
        ["type": "apiKey", "in": "header", "name": .string(name)]
    }

    /// The document of `endpoints` below `prefix`.
    public func json(_ endpoints: [Endpoint], prefix: String = "") -> JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for endpoint in endpoints {
            guard let id = endpoint.id else { continue }
            paths[prefix + endpoint.path, default: [:]][endpoint.method.rawValue.lowercased()] = operation(
                endpoint, id: id)
        }
        return [
            "openapi": "3.0.3",
            "info": ["title": "Lipsmith", "version": .string(version), "description": .string(summary)],
            "security": .array(keys.map { .object([$0.key: []]) }),
            "paths": .object(paths.mapValues(JSONValue.object)),
            "components": [
                "securitySchemes": .object(Dictionary(uniqueKeysWithValues: keys.map { ($0.key, $0.value) })),
                "schemas": .object(schemas.mapValues(\.json)),
            ],
        ]
    }

    private func operation(_ endpoint: Endpoint, id: String) -> JSONValue {
        var members: [String: JSONValue] = [
            "operationId": .string(id), "summary": .string(endpoint.summary), "responses": responses(endpoint),
        ]
        if let tag = endpoint.tag { members["tags"] = [.string(tag)] }
        let parameters = Self.pathParameters(endpoint) + endpoint.parameters.map(Self.json)
        if !parameters.isEmpty || listsNoParameters { members["parameters"] = .array(parameters) }
        if !endpoint.body.isEmpty {
            let content = Dictionary(endpoint.body.compactMap(\.json)) { $1 }
            members["requestBody"] = ["required": true, "content": .object(content)]
        }
        if endpoint.callers == .anybody || endpoint.callers == .anybodyOrMembers { members["security"] = [] }
        return .object(members)
    }

    private func responses(_ endpoint: Endpoint) -> JSONValue {
        var answer: [String: JSONValue] = ["description": "Done."]
        if let (type, value) = endpoint.answer.json { answer["content"] = .object([type: value]) }
        let failure: JSONValue = [
            "description": .string(refusal),
            "content": ["application/json": ["schema": Schema.named("Error").json]],
        ]
        var responses: [String: JSONValue] = ["4XX": failure, "5XX": failure]
        for status in endpoint.statuses { responses[String(status)] = .object(answer) }
        return .object(responses)
    }

    private static func pathParameters(_ endpoint: Endpoint) -> [JSONValue] {
        endpoint.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { segment in
            [
                "name": .string(String(segment.dropFirst().dropLast())), "in": "path", "required": true,
                "schema": endpoint.idSchema.json,
            ]
        }
    }

    private static func json(_ parameter: Endpoint.Parameter) -> JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(parameter.name), "in": .string(parameter.place), "required": .bool(parameter.isRequired),
            "schema": parameter.schema.json,
        ]
        if let summary = parameter.summary { members["description"] = .string(summary) }
        if parameter.isJoined {
            members["style"] = "form"
            members["explode"] = false
        }
        return .object(members)
    }
}

extension Endpoint.Content {
    /// The media type, and its entry in the document; nil where there is no body.
    fileprivate var json: (String, JSONValue)? {
        switch self {
        case .json(let schema): ("application/json", ["schema": schema.json])
        case .form(let schema): ("multipart/form-data", ["schema": schema.json])
        case .text: ("text/plain", ["schema": Schema.string.json])
        case .media(let type, let schema): (type, ["schema": schema.json])
        case .nothing: nil
        }
    }
}
