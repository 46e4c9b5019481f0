import Foundation
import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Persistence
import StoreConformance
import Testing
import Text
import Time

@Suite("Lipsmith's own API: generations")
struct GenerationTests {
    private static func path(_ answer: Answer) -> String { "/v1/generations/\(answer["id"]?.text ?? "")" }

    /// The path and query of a link of this server.
    private static func target(_ link: JSONValue?) throws -> String {
        let text = try #require(link?.text)
        return String(text.trimmingPrefix("http://lips.test:8080"))
    }

    @Test("what came by Sync's interface is shown, whoever made it")
    func madeElsewhere() async throws {
        let harness = try await OwnHarness()
        var generation = Samples.generation(harness.organisation)
        let video = try await harness.asset(.video, "video")
        generation.request.lipSync?.inputs[0].source = .asset(video)
        _ = try await harness.store.create(CreateOrder(generations: [generation]))
        try await harness.finishOne()
        let answer = try await harness.get("/v1/generations/\(generation.id)")
        #expect(answer["status"]?.text == "completed")
        #expect(answer["progress"] == 1)
        #expect(answer["name"]?.text == "take_1")
        #expect(answer["source"]?.text == "api")
        #expect(answer.json.object?["order"] == .null)
        #expect(answer["input"]?["kind"]?.text == "video")
        let input = try #require(answer["input"]?["url"]?.text)
        #expect(input.hasPrefix("http://lips.test:8080/v1/assets/\(video)/content?token="))
        let output = try #require(answer["output"])
        #expect(output["durationSeconds"] == 8.64)
        #expect(output["frameCount"] == 216)
        #expect(output["segmentUrl"] == nil)
        let watched = try await harness.get(try Self.target(output["url"]), key: "")
        #expect(watched.status == 200)
        #expect(watched.headers["Content-Disposition"] == nil)
        let saved = try await harness.get(try Self.target(output["downloadUrl"]), key: "")
        #expect(saved.headers["Content-Disposition"] == "attachment; filename=\"take_1.mp4\"")
        #expect(try await harness.get("/v1/generations/\(generation.id)/output?token=x", key: "").status == 401)
        // The input's asset goes; what was made of it stays.
        _ = try await harness.store.deleteAsset(video, organisation: harness.organisation)
        #expect(try await harness.get("/v1/generations/\(generation.id)").json.object?["input"] == .null)
    }

    @Test("a running render shows what is known of it in this process, and its newest picture")
    func live() async throws {
        let harness = try await OwnHarness()
        let path = Self.path(try await harness.order())
        #expect(try await harness.get(path + "/preview").code == "preview-missing")
        let job = try await harness.claim()
        #expect(try await harness.get(path)["stage"] == nil)
        harness.live.begin(job.generation.id, fence: job.lease.fence)
        harness.live.update(job.generation.id, fence: job.lease.fence) {
            $0.stage = .rendering
            $0.framesPerSecond = 31.5
            $0.secondsLeft = 11.2
            $0.preview = [1, 2, 3]
            $0.previewCount = 1
        }
        let answer = try await harness.get(path)
        #expect(answer["stage"]?.text == "rendering")
        #expect(answer["framesPerSecond"] == 31.5)
        #expect(answer["secondsLeft"] == 12)
        #expect(answer["hasPreview"] == true)
        let picture = try await harness.get(path + "/preview")
        #expect(picture.bytes == [1, 2, 3])
        #expect(picture.headers["Content-Type"] == "image/jpeg")
        #expect(picture.headers["Cache-Control"] == "no-store")
        let shown = try await harness.get(path)
        #expect(shown.headers["Cache-Control"] == "no-store")
    }

    @Test("a failure is told with its code, its sentence and what helps")
    func failure() async throws {
        let harness = try await OwnHarness()
        let path = Self.path(try await harness.order())
        let job = try await harness.claim()
        try await harness.finish(
            AttemptReport(
                id: job.generation.id, fence: job.lease.fence,
                outcome: .failed(FailureFacts(code: .videoUnusable), mayRetry: false)))
        let answer = try await harness.get(path)
        #expect(answer["status"]?.text == "failed")
        #expect(
            answer["error"] == [
                "code": "video-unusable", "message": .string(FailureCode.videoUnusable.message),
                "suggestion": .string(FailureCode.videoUnusable.suggestion),
            ])
        #expect(answer.json.object?["stage"] == .null)
    }

    @Test("lists are narrowed by status, project and a part of the name, and read page by page")
    func lists() async throws {
        let harness = try await OwnHarness()
        let project = try #require(try await harness.send(.post, "/v1/projects", json: ["name": "P"])["id"]?.text)
        _ = try await harness.order(["name": "Spring one", "project": .string(project)])
        _ = try await harness.order(["name": "Autumn"])
        _ = try await harness.order(["name": "spring two"])
        try await harness.finishOne()
        // A text that is spoken alone is no video.
        _ = try await harness.store.create(
            CreateOrder(generations: [
                Generation(
                    organisation: harness.organisation,
                    request: GenerationRequest(
                        model: "speech",
                        order: .speech(SpeechRequest(provider: "stub", voiceID: "ann", script: "Spring."))),
                    createdAt: SystemClock().now)
            ]))
        func names(_ query: String) async throws -> [String] {
            try await harness.get("/v1/generations" + query)["items"]?.array?.compactMap { $0["name"]?.text } ?? ["?"]
        }
        #expect(try await names("") == ["spring two", "Autumn", "Spring one"])
        #expect(try await names("?search=SPRING") == ["spring two", "Spring one"])
        #expect(try await names("?status=completed,failed") == ["Spring one"])
        #expect(try await names("?status=pending&search=spring") == ["spring two"])
        #expect(try await names("?project=\(project)") == ["Spring one"])
        let page = try await harness.get("/v1/generations?limit=2")
        let next = try #require(page["next"]?.text)
        let last = try await harness.get("/v1/generations?limit=2&cursor=\(next)")
        #expect(last["items"]?.array?.count == 1)
        #expect(last.json.object?["next"] == .null)
        for (query, field) in [
            ("status=done", "status"), ("limit=0", "limit"), ("limit=101", "limit"), ("cursor=x", "cursor"),
            ("project=x", "project"), ("cursor=\(GenerationID())", "cursor"),
        ] {
            let answer = try await harness.get("/v1/generations?" + query)
            #expect(answer.status == 400, "\(query)")
            #expect(answer.field == field, "\(query)")
        }
    }

    @Test("only what has ended is deleted, with its files")
    func deletion() async throws {
        let harness = try await OwnHarness()
        let path = Self.path(try await harness.order())
        let early = try await harness.send(.delete, path)
        #expect(early.status == 409)
        #expect(early.code == "generation-not-ended")
        try await harness.finishOne()
        let link = try Self.target(try await harness.get(path)["output"]?["url"])
        #expect(try await harness.send(.delete, path).status == 204)
        #expect(try await harness.get(path).code == "generation-not-found")
        #expect(try await harness.get(link, key: "").code == "file-gone")
        #expect(try await harness.send(.delete, path).status == 404)
    }

    @Test("a report is JSON and a page, with a key and by links without one")
    func report() async throws {
        let harness = try await OwnHarness()
        let path = Self.path(try await harness.order(["name": "A & B"]))
        for suffix in ["/report", "/report.html"] {
            let missing = try await harness.get(path + suffix)
            #expect(missing.status == 404)
            #expect(missing.code == "report-missing")
        }
        let id = try await harness.finishOne(report: #"{"schemaVersion":1}"#)
        let generation = try await harness.get(path)
        let page = try await harness.get(path + "/report.html")
        #expect(page.status == 200)
        #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
        #expect(page.headers["Content-Security-Policy"]?.contains("default-src 'none'") == true)
        #expect(page.text.contains("A &amp; B"))
        let linked = try await harness.get(try Self.target(generation["reportPageUrl"]), key: "")
        #expect(linked.bytes == page.bytes)
        for target in [path + "/report", try Self.target(generation["reportUrl"])] {
            let report = try await harness.get(target)
            #expect(report.status == 200)
            #expect(report.headers["Content-Type"] == "application/json")
            #expect(report.headers["X-Content-Type-Options"] == "nosniff")
        }
        #expect(try await harness.get("/v1/reports/\(id)?token=x", key: "").code == "link-closed")
        #expect(try await harness.get("/v1/reports/\(id)/page?token=x", key: "").code == "link-closed")
    }

    @Test("somebody else's generations do not exist")
    func foreign() async throws {
        let harness = try await OwnHarness()
        let path = Self.path(try await harness.order())
        try await harness.finishOne(report: "{}")
        let stranger = try await harness.stranger()
        for suffix in ["", "/report", "/report.html", "/preview", "/events"] {
            for target in [path + suffix, "/v1/generations/x" + suffix] {
                let answer = try await harness.get(target, key: stranger)
                #expect(answer.status == 404, "\(target)")
                #expect(answer.code == "generation-not-found")
            }
        }
        #expect(try await harness.send(.delete, path, key: stranger).status == 404)
        #expect(try await harness.get("/v1/generations", key: stranger)["items"]?.array == [])
        #expect(try await harness.get(path, key: "").status == 401)
    }
}
