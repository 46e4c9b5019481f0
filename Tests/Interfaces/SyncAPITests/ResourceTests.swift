import Foundation
import Generations
import HTTP
import InterfaceHarness
import SyncAPI
import Testing
import Text

@Suite("Sync: other resources")
struct ResourceTests {
    @Test("28: announce, send, register, use")
    func upload() async throws {
        let harness = try await Harness()
        let announced = try await harness.send(
            .post, "/v2/assets/upload",
            json: ["fileName": "clip.mp4", "contentType": "video/mp4", "size": 11])
        #expect(announced.status == 201)
        #expect(announced["expiresIn"]?.int == 3600)
        let upload = try #require(announced["uploadUrl"]?.text).dropFirst(21)
        let url = try #require(announced["url"]?.text)
        let early = try await harness.send(.post, "/v2/assets", json: ["url": .string(url), "type": "VIDEO"])
        #expect(early.status == 422)
        #expect(early.code == "uploaded_file_not_found")
        for (wrong, status) in [("video byte", 400), ("video bytes!", 422)] {
            #expect(try await harness.send(.put, String(upload), body: Array(wrong.utf8), key: "").status == status)
        }
        #expect(try await harness.send(.put, String(upload), body: Array("video bytes".utf8), key: "").status == 200)
        #expect(try await harness.send(.put, String(upload), body: Array("video".utf8), key: "").status == 400)
        let forged = upload.replacing("token=", with: "token=1")
        #expect(try await harness.send(.put, String(forged), body: [1], key: "").status == 403)
        let mismatch = try await harness.send(.post, "/v2/assets", json: ["url": .string(url), "type": "AUDIO"])
        #expect(mismatch.status == 422)
        let asset = try await harness.send(
            .post, "/v2/assets", json: ["url": .string(url), "type": "VIDEO", "name": "A clip"])
        #expect(asset.status == 201, "\(asset.text)")
        #expect(asset["type"]?.text == "VIDEO")
        #expect(asset["inputType"]?.text == "UPLOAD")
        #expect(asset["name"]?.text == "A clip")
        #expect(asset["width"]?.int == 640)
        let id = try #require(asset["id"])
        let generation = try await harness.create([
            "input": [["type": "video", "assetId": id], ["type": "audio", "url": "http://media.test/a8.wav"]]
        ])
        #expect(generation.status == 201)
        let wrongKind = try await harness.create([
            "input": [
                ["type": "video", "url": "http://media.test/v4.mp4"], ["type": "audio", "assetId": id],
            ]
        ])
        #expect(wrongKind.status == 422)
        #expect(wrongKind.code == "generation_input_asset_type_mismatch")
        let unknown = try await harness.create([
            "input": [
                ["type": "video", "assetId": "5b0c1fb1-3d2f-4c40-9f0a-1f2f3f4f5f6f"],
                ["type": "audio", "url": "http://media.test/a8.wav"],
            ]
        ])
        #expect(unknown.status == 404)
        #expect(unknown.code == "asset_not_found")
    }

    @Test("assets are listed, searched, counted, renamed and deleted")
    func assets() async throws {
        let harness = try await Harness()
        var ids: [JSONValue] = []
        for index in 0..<3 {
            let asset = try await harness.send(
                .post, "/v2/assets",
                json: ["url": .string("http://media.test/clip\(index).mp4"), "type": index == 2 ? "AUDIO" : "VIDEO"])
            #expect(asset.status == 201)
            #expect(asset["url"]?.text == "http://media.test/clip\(index).mp4")
            ids.append(try #require(asset["id"]))
        }
        let page = try await harness.get("/v2/assets?limit=2&sortBy=nameAsc")
        #expect(page["totalCount"]?.int == 3)
        #expect(page["items"]?.array?.compactMap { $0["name"]?.text } == ["clip0.mp4", "clip1.mp4"])
        let cursor = try #require(page["nextCursor"]?.text)
        let rest = try await harness.get("/v2/assets?limit=2&sortBy=nameAsc&cursor=\(cursor)")
        #expect(rest["items"]?.array?.count == 1)
        #expect(rest.json.object?["nextCursor"] == .null)
        #expect(try await harness.get("/v2/assets/count?types=VIDEO,AUDIO").json == 3)
        #expect(try await harness.get("/v2/assets/count?types=VIDEO&searchQuery=clip1").json == 1)
        #expect(try await harness.get("/v2/assets?sortBy=colour").status == 400)
        let some = try await harness.send(.post, "/v2/assets/batch", json: ["ids": [ids[0], ids[2]]])
        #expect(some.json.array?.count == 2)
        let id = try #require(ids[0].text)
        let renamed = try await harness.send(
            .patch, "/v2/assets/\(id)", json: ["name": "New", "visibility": "ORGANIZATION"])
        #expect(renamed["name"]?.text == "New")
        #expect(renamed["visibility"]?.text == "ORGANIZATION")
        #expect(try await harness.get("/v2/assets/\(id)/download").text == "http://media.test/clip0.mp4")
        #expect(try await harness.send(.delete, "/v2/assets/\(id)").status == 200)
        #expect(try await harness.get("/v2/assets/\(id)").code == "asset_not_found")
        #expect(try await harness.get("/v2/assets/nobody").code == "invalid_asset_id_format")
        let gone = try await harness.send(
            .post, "/v2/assets", json: ["url": "http://unreachable.test/v.mp4", "type": "VIDEO"])
        #expect(gone.status == 422)
        #expect(gone.code == "generation_input_video_inaccessible")
    }

    @Test("projects are made, listed, changed, filled and deleted")
    func projects() async throws {
        let harness = try await Harness()
        let id = "5b0c1fb1-3d2f-4c40-9f0a-1f2f3f4f5f6f"
        let body: JSONValue = ["name": "Spring", "id": .string(id), "defaultWorkflow": "lipsync"]
        #expect(try await harness.send(.post, "/v2/projects", json: body).status == 201)
        #expect(try await harness.send(.post, "/v2/projects", json: body)["id"]?.text == id)
        #expect(try await harness.send(.post, "/v2/projects", json: ["mode": "x"]).status == 400)
        let generation = try await harness.create(["projectId": .string(id)])
        #expect(generation.status == 201)
        #expect(generation["projectId"]?.text == id)
        #expect(try await harness.get("/v2/generations?projectId=\(id)").json.array?.count == 1)
        let changed = try await harness.send(.patch, "/v2/projects/\(id)", json: ["description": "new"])
        #expect(changed["description"]?.text == "new")
        #expect(changed["name"]?.text == "Spring")
        let emptied = try await harness.send(.patch, "/v2/projects/\(id)", json: ["description": nil])
        #expect(emptied.json.object?["description"] == .null)
        let asset = try await harness.send(
            .post, "/v2/assets", json: ["url": "http://media.test/v.mp4", "type": "VIDEO"])
        for _ in 0..<2 {
            let filed = try await harness.send(
                .post, "/v2/projects/\(id)/assets", json: ["assetId": asset["id"] ?? nil])
            #expect(filed.status == 204)
        }
        #expect(try await harness.get("/v2/assets?projectId=\(id)")["totalCount"]?.int == 1)
        #expect(try await harness.get("/v2/projects")["items"]?.array?.count == 1)
        #expect(try await harness.send(.delete, "/v2/projects/\(id)").status == 200)
        #expect(try await harness.get("/v2/projects/\(id)").status == 404)
        #expect(try await harness.get("/v2/generations").json.array?.count == 1, "its generations stay")
    }

    @Test("29: the cost of media, and of a length")
    func cost() async throws {
        let harness = try await Harness { $0.prices = SyncModels.publishedPrices }
        let body: JSONValue = [
            "model": "lipsync-2", "input": Harness.usualInput, "options": ["sync_mode": "loop"],
        ]
        let list = try #require(try await harness.send(.post, "/v2/analyze/cost", json: body).json.array)
        try #require(list.count == 1)
        #expect(list[0]["estimatedFrameCount"]?.int == 216)
        #expect(list[0]["estimatedGenerationCost"]?.double == 0.432)
        let short = try await harness.send(
            .post, "/v2/generations/estimate", json: ["model": "lipsync-2-pro", "duration": 3])
        #expect(short["estimatedFrameCount"]?.int == 90)
        let long = try await harness.send(.post, "/v2/generate/estimate-cost", json: body)
        #expect(long["estimatedFrameCount"]?.int == 216)
        let wrong = try await harness.send(
            .post, "/v2/generations/estimate", json: ["model": "lipsync-2", "duration": -3])
        #expect(wrong.status == 400)
        let object = try await Harness { $0.listsCost = false }
        #expect(try await object.send(.post, "/v2/analyze/cost", json: body)["estimatedGenerationCost"]?.double == 0)
    }

    @Test("models, voices, the webhook's secret, and what needs a voice provider")
    func others() async throws {
        let harness = try await Harness()
        let models = try #require(try await harness.get("/v2/models").json.array)
        #expect(
            models.compactMap { $0["id"]?.text } == [
                "sync-3", "react-1", "lipsync-2-pro", "lipsync-2", "lipsync-1.9.0-beta",
            ])
        #expect(try await harness.get("/v2/voices").json == [])
        #expect(try await harness.get("/v2/voices/x").code == "voice_not_found")
        let speech = try await harness.send(.post, "/v2/tts", json: ["script": "Hi", "voiceId": "x"])
        #expect(speech.status == 422)
        #expect(speech.code == "plan_feature_unavailable")
        #expect(
            try await harness.get("/v2/organizations/webhook/secret")["secret"]?.text?.hasPrefix("whsec_") == true)
        #expect(try await harness.get("/v2/nothing").status == 404)
        #expect(try await harness.send(.put, "/v2/models").status == 405)
    }

    @Test("a batch: refused lines, dry run, creation, results")
    func batch() async throws {
        let harness = try await Harness()
        func line(_ index: Int, _ model: String = "lipsync-2") -> String {
            let row: JSONValue = [
                "request_id": .string("r\(index)"), "endpoint": "/v2/generate",
                "payload": ["model": .string(model), "input": Harness.usualInput],
            ]
            return row.serialized
        }
        func send(_ lines: [String], _ more: [FormPart] = []) async throws -> Answer {
            try await harness.form(
                [FormPart("input", lines.joined(separator: "\n"), fileName: "batch.jsonl")] + more, to: "/v2/batch")
        }
        let good = (0..<20).map { line($0) }
        let short = try await send(Array(good.prefix(19)))
        #expect(short.status == 400)
        let wrong = try await send(good.prefix(6) + [line(6, "nope")] + good.dropFirst(7))
        #expect(wrong.status == 400)
        #expect(wrong["lineNumber"]?.int == 7)
        #expect(wrong.text.contains("Line 7"))
        let broken = try await send(good.prefix(2) + ["{"] + good.dropFirst(2))
        #expect(broken.status == 400)
        #expect(broken["lineNumber"]?.int == 3)
        let later = try await send(["", ""] + good.prefix(6) + [line(6, "nope")] + good.dropFirst(7))
        #expect(later["lineNumber"]?.int == 9, "lines without anything count")
        #expect(try await send(good, [FormPart("dry_run", "true")]).json == ["status": "VALIDATED"])
        #expect(try await harness.get("/v2/batch").json == [])
        let made = try await send(good, [FormPart("webhook_url", "http://hooks.test/x")])
        #expect(made.status == 201, "\(made.text)")
        #expect(made["metrics"]?["total_generations"]?.int == 20)
        #expect(made["outputUrl"]?.text == "")
        let id = try #require(made["id"]?.text)
        #expect(try await harness.get("/v2/batch/\(id)")["status"]?.text == "JOBS_CREATED")
        #expect(try await harness.get("/v2/batch?status=JOBS_CREATED").json.array?.count == 1)
        #expect(try await harness.get("/v2/batch?status=COMPLETED").json.array?.count == 0)
        #expect(try await harness.get("/v2/batch?created_after=2020-01-01").json.array?.count == 1)
        #expect(try await harness.get("/v2/batch?created_after=yesterday").status == 400)
        let rows: JSONValue = .array((0..<20).map { try! JSONValue(parsing: line($0)) })
        #expect(try await harness.send(.post, "/v2/batch", json: ["rows": rows]).status == 201)
        #expect(try await harness.get("/v2/batch/5b0c1fb1-3d2f-4c40-9f0a-1f2f3f4f5f6f").code == "batch_not_found")
    }

    @Test("the public document names every route, and agents' tools by their ids")
    func document() async throws {
        let harness = try await Harness()
        for path in ["/api-json", "//api-json"] {
            let answer = try await harness.send(.get, path, key: "")
            #expect(answer.status == 200)
            let paths = try #require(answer["paths"]?.object)
            let ids = Set(paths.values.flatMap { ($0.object ?? [:]).values.compactMap { $0["operationId"]?.text } })
            for id in [
                "GenerateController_createGeneration", "GenerateController_getGeneration",
                "GenerateController_getGenerations", "GenerateController_estimateCost",
                "GenerationsController_getById", "GenerationsController_delete", "GenerationsController_estimateCost",
                "ModelsController_get", "VoicesController_getVoices", "VoicesController_cloneVoice",
                "VoicesController_deleteVoice", "TtsController_create", "AssetsController_createUploadUrl",
                "AssetsController_create", "AssetsController_getAll", "AssetsController_get",
                "AssetsController_update", "AssetsController_delete", "ProjectsController_create",
                "ProjectsController_getAll", "ProjectsController_get", "ProjectsController_update",
                "ProjectsController_delete",
            ] {
                #expect(ids.contains(id), "\(id)")
            }
        }
    }
}
