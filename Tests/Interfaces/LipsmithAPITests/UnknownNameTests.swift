import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Persistence
import Testing
import Text

/// A misspelt name must not be without effect: a dry run whose parameter is misspelt would be an order.
@Suite("Lipsmith's own API: names that are not known")
struct UnknownNameTests {
    @Test(
        "An unknown member of a body is refused by its name",
        arguments: [
            ("/v1/sessions", ["token": "a", "remember": true], "remember"),
            ("/v1/sign-in-links", ["role": "member", "organization": "x"], "organization"),
            ("/v1/operator/keys", ["name": "made", "rolle": "operator"], "rolle"),
            ("/v1/projects", ["name": "made", "mode": "x"], "mode"),
        ] as [(String, JSONValue, String)])
    func members(path: String, body: JSONValue, field: String) async throws {
        let harness = try await SessionHarness(facts: .test)
        let answer = try await harness.send(
            .post, path, json: body, headers: ["Origin": "http://lips.test:8080"], key: try await harness.operatorKey())
        #expect(answer.status == 400)
        #expect(answer.refusalCode == "request-invalid")
        #expect(answer["error"]?["field"]?.text == field)
        #expect(try await harness.store.keys().allSatisfy { $0.name != "made" })
    }

    @Test(
        "So is one of uploads and checks, and of the media in them",
        arguments: [
            ("/v1/uploads", ["name": "a", "byteCount": 1, "size": 1], "size"),
            ("/v1/checks", ["text": "a", "audio_url": "b"], "audio_url"),
            ("/v1/checks", ["video": ["url": "http://a.test/a", "kind": "video"]], "video.kind"),
        ] as [(String, JSONValue, String)])
    func media(path: String, body: JSONValue, field: String) async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        let answer = try await harness.send(.post, path, json: body)
        #expect(answer.status == 400)
        #expect(answer.errorCode == "request-invalid")
        #expect(answer.errorField == field)
    }

    @Test("A misspelt dryRun orders nothing", arguments: ["dryrun=true", "dry_run=true", "dryRun=true&x=", "dryRun=1"])
    func dryRun(query: String) async throws {
        let harness = try await OwnHarness()
        let answer = try await harness.order(to: "/v1/generations?\(query)")
        #expect(answer.status == (query.hasSuffix("x=") ? 200 : 400))
        #expect(
            try await harness.store.generationCount(GenerationFilter(organisation: harness.organisation)) == 0)
    }

    private static let listPaths = [
        "/v1/generations", "/v1/assets", "/v1/projects", "/v1/sessions", "/v1/voices", "/v1/operator/jobs",
        "/v1/operator/webhooks", "/v1/operator/keys", "/v1/operator/settings",
    ]

    @Test(
        "Every list refuses what it does not know, a senseless page, and a cursor whose item is gone",
        arguments: listPaths)
    func lists(path: String) async throws {
        let harness = try await SessionHarness(facts: .test)
        let key = try await harness.operatorKey()
        #expect(try await harness.send(.get, path + "?limit=1", key: key).status == 200)
        for (query, field) in [
            ("limits=5", "limits"), ("limit=0", "limit"), ("limit=101", "limit"), ("limit=many", "limit"),
            ("cursor=\(AssetID())", "cursor"),
        ] {
            let answer = try await harness.send(.get, "\(path)?\(query)", key: key)
            #expect(answer.status == 400, "\(query)")
            #expect(answer.refusalCode == "request-invalid", "\(query)")
            #expect(answer["error"]?["field"]?.text == field, "\(query)")
        }
    }
}
