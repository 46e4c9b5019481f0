import Generations
import HTTP
import Testing
import Text
import WebInterface

@Suite("OpenAPI documents")
struct OpenAPIDocumentTests {
    private static let document = OpenAPIDocument(
        version: "3", summary: "Films.",
        keys: ["key": OpenAPIDocument.headerKey("x-key"), "bearer": ["type": "http", "scheme": "bearer"]],
        schemas: ["Error": .object, "Film": .object(["id": .uuid], required: ["id"])], refusal: "Refused.")

    private static let endpoints = [
        Endpoint(
            .get, "/films/{id}", id: "getFilm", tag: "Films", summary: "Get a film.",
            parameters: [
                .query("limit", .integer(1...9), isRequired: true), .list("kinds", of: .string, "Only these."),
                .header("x-mode", .string, "How."),
            ], statuses: [200, 203], answer: .json(.named("Film"))
        ) { _ in HTTPResponse(.ok) },
        Endpoint(
            .post, "/films/{id}", id: "sendFilm", summary: "Send a film.",
            body: [.json(.named("Film")), .form(.object(["file": .file], isOpen: true))], answer: .text,
            callers: .anybody
        ) { _ in HTTPResponse(.ok) },
        Endpoint(.get, "/hidden") { _ in HTTPResponse(.ok) },
    ]

    private static func operation(_ method: String) -> JSONValue? {
        document.json(endpoints, prefix: "/v3")["paths"]?["/v3/films/{id}"]?[method]
    }

    @Test("The document names the interface, its keys in their order and its schemas")
    func head() {
        let json = Self.document.json(Self.endpoints)
        #expect(json["openapi"] == "3.0.3")
        #expect(json["info"]?["version"] == "3")
        #expect(json["security"] == [["key": []], ["bearer": []]])
        #expect(json["components"]?["securitySchemes"]?["key"]?["name"] == "x-key")
        #expect(json["components"]?["schemas"]?["Film"]?["required"] == ["id"])
    }

    @Test("Endpoints without a name are left out, the others stand below the prefix")
    func paths() {
        let paths = Self.document.json(Self.endpoints, prefix: "/v3")["paths"]?.object
        #expect(paths?.keys.sorted() == ["/v3/films/{id}"])
        #expect(paths?["/v3/films/{id}"]?.object?.keys.sorted() == ["get", "post"])
    }

    @Test("Parameters: of the path, of the query, in headers")
    func parameters() throws {
        let parameters = try #require(Self.operation("get")?["parameters"]?.array)
        #expect(parameters.map { $0["name"] } == ["id", "limit", "kinds", "x-mode"])
        #expect(parameters.map { $0["in"] } == ["path", "query", "query", "header"])
        #expect(parameters.map { $0["required"] } == [true, true, false, false])
        #expect(parameters[2]["explode"] == false)
        #expect(parameters[1]["explode"] == nil)
        #expect(parameters[1]["description"] == nil)
    }

    @Test("Answers: each status of a success, and what a refusal looks like")
    func answers() {
        let responses = Self.operation("get")?["responses"]
        #expect(responses?.object?.keys.sorted() == ["200", "203", "4XX", "5XX"])
        #expect(responses?["4XX"]?["description"] == "Refused.")
        let film: JSONValue = ["application/json": ["schema": ["$ref": "#/components/schemas/Film"]]]
        #expect(responses?["203"]?["content"] == film)
    }

    @Test("Bodies by media type; an open endpoint needs no key")
    func bodies() {
        let operation = Self.operation("post")
        #expect(
            operation?["requestBody"]?["content"]?.object?.keys.sorted() == [
                "application/json", "multipart/form-data",
            ])
        #expect(operation?["security"] == [])
        #expect(operation?["tags"] == nil)
        #expect(Self.operation("get")?["security"] == nil)
    }

    @Test("What is said about a reference stands beside it, not in it")
    func references() {
        let reference: JSONValue = ["$ref": "#/components/schemas/Film"]
        #expect(Schema.named("Film").nullable.json == ["allOf": [reference], "nullable": true])
        #expect(Schema.string.nullable.json == ["type": "string", "nullable": true])
        #expect(Schema.named("Film").described("A film.").json["allOf"] == [reference])
    }

    @Test("Schemas have the bounds of their ranges")
    func bounds() {
        #expect(Schema.string(1...5).json == ["type": "string", "minLength": 1, "maxLength": 5])
        #expect(Schema.list(of: .string, 2...3).json["maxItems"] == 3)
        #expect(Schema.object(["a": .string], isOpen: true).json["additionalProperties"] == true)
        #expect(Schema.object(["a": .string]).json["additionalProperties"] == nil)
        #expect(Schema.oneWord(of: Visibility.self).json["enum"] == ["user", "organization"])
    }
}
