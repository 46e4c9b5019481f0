import Generations
import HTTP

/// What the public document says about a route.
struct Operation: Sendable {
    /// A part of the query or a header.
    struct Parameter: Sendable {
        let name: String
        let place: String
        let schema: Schema
        let summary: String

        static func query(_ name: String, _ schema: Schema, _ summary: String) -> Parameter {
            Parameter(name: name, place: "query", schema: schema, summary: summary)
        }

        static func header(_ name: String, _ schema: Schema, _ summary: String) -> Parameter {
            Parameter(name: name, place: "header", schema: schema, summary: summary)
        }
    }

    /// What a successful answer holds.
    enum Content: Sendable {
        case json(Schema)
        case text
        case file(String)
        case nothing
    }

    /// `XController_methodName`: agents make names of tools of it.
    let id: String
    let tag: String
    let summary: String
    var parameters: [Parameter] = []
    /// The body's schema by media type; empty where the route takes none.
    var body: [(mediaType: String, schema: Schema)] = []
    /// Whether the body may be left out.
    var isBodyOptional = false
    var success = 200
    /// A second status of the same answer.
    var otherSuccess: Int?
    var content: Content = .nothing
    /// What names in the path look like.
    var idSchema = Schema.uuid

    func json(path: String, isOpen: Bool) -> JSONValue {
        var members: [String: JSONValue] = [
            "operationId": .string(id), "tags": [.string(tag)], "summary": .string(summary),
            "responses": responses(),
        ]
        let all = pathParameters(path) + parameters.map(Self.json)
        if !all.isEmpty { members["parameters"] = .array(all) }
        if !body.isEmpty {
            let content = body.map { ($0.mediaType, JSONValue.object(["schema": $0.schema.json])) }
            members["requestBody"] = [
                "required": .bool(!isBodyOptional), "content": .object(Dictionary(content, uniquingKeysWith: { $1 })),
            ]
        }
        if isOpen { members["security"] = [] }
        return .object(members)
    }

    private func pathParameters(_ path: String) -> [JSONValue] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { segment in
            [
                "name": .string(String(segment.dropFirst().dropLast())), "in": "path", "required": true,
                "schema": idSchema.json,
            ]
        }
    }

    private static func json(_ parameter: Parameter) -> JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(parameter.name), "in": .string(parameter.place), "required": false,
            "description": .string(parameter.summary), "schema": parameter.schema.json,
        ]
        if parameter.schema.json["type"]?.text == "array" {
            members["style"] = "form"
            members["explode"] = false
        }
        return .object(members)
    }

    private func responses() -> JSONValue {
        var answer: [String: JSONValue] = ["description": "Done."]
        switch content {
        case .json(let schema): answer["content"] = ["application/json": ["schema": schema.json]]
        case .text: answer["content"] = ["text/plain": ["schema": Schema.string.json]]
        case .file(let type): answer["content"] = .object([type: ["schema": Schema.file.json]])
        case .nothing: break
        }
        let failure: JSONValue = [
            "description": "Refused; `message` and, where there is one, `errorCode` say why.",
            "content": ["application/json": ["schema": Schema.named("Error").json]],
        ]
        var responses: [String: JSONValue] = [String(success): .object(answer), "4XX": failure, "5XX": failure]
        if let otherSuccess { responses[String(otherSuccess)] = .object(answer) }
        return .object(responses)
    }
}
