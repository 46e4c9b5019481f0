import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Testing
import Text

@Suite("Lipsmith's own API: errors")
struct LipsmithErrorsTests {
    @Test("What no endpoint answers has the interface's form, a code with hyphens, and a suggestion")
    func outsideOfEndpoints() async throws {
        let harness = try await OwnHarness()
        let large = JSONValue.string(String(repeating: "a", count: 300 << 10))
        let answers = [
            try await harness.get("/v1/nothing"), try await harness.send(.patch, "/v1/voices"),
            try await harness.send(.post, "/v1/projects", json: ["name": large]),
        ]
        #expect(answers.map(\.status) == [404, 405, 413])
        #expect(answers.map(\.refusalCode) == ["not-found", "method-not-allowed", "body-too-large"])
        #expect(
            answers.map { $0["error"]?["suggestion"]?.text } == [
                "GET /v1/openapi.json lists every path.", "The header Allow names the methods that it takes.",
                "Send less at once; docs/lipsmith-api.md has the limits.",
            ])
        #expect(answers.map { $0["error"]?["requestId"]?.text } == ["test", "test", "test"])
    }
}
