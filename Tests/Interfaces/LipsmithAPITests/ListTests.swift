import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Testing
import Text

@Suite("Lipsmith's own API: lists")
struct ListTests {
    @Test("choices are those that an order takes")
    func choices() async throws {
        let harness = try await OwnHarness()
        let answer = try await harness.get("/v1/choices")
        #expect(answer.status == 200)
        let models = try #require(answer["models"]?.array)
        #expect(
            models.compactMap { $0["name"]?.text } == [
                "lipsync-2", "lipsync-2-pro", "sync-3", "react-1", "lipsync-1.9.0-beta", "photo",
            ])
        #expect(models.filter { $0["isDefault"] == true }.compactMap { $0["name"]?.text } == ["lipsync-2", "photo"])
        #expect(models[2]["takes"] == ["video", "image"])
        #expect(models[3]["options"] == ["syncMode", "temperature", "emotion", "region", "seed"])
        #expect(answer["syncModes"] == ["bounce", "loop", "cut_off", "silence", "remap"])
        #expect(answer["regions"] == ["lips", "face", "head"])
        #expect(answer["resolutions"] == ["540p", "720p", "1080p"])
        #expect(answer["defaultVoice"]?.text == "ann")
        #expect(answer["canClone"] == true)
        for (list, option) in [
            ("syncModes", "syncMode"), ("emotions", "emotion"), ("regions", "region"),
            ("resolutions", "resolution"), ("aspectRatios", "aspectRatio"),
        ] {
            for word in try #require(answer[list]?.array) {
                #expect(try await harness.order(["options": [option: word]]).status == 201, "\(word)")
            }
        }
        let silent = try await OwnHarness(voices: nil)
        let without = try await silent.get("/v1/choices")
        #expect(without.json.object?["defaultVoice"] == .null)
        #expect(without["canClone"] == false)
    }

    @Test("voices are listed in pages")
    func voicePages() async throws {
        let harness = try await OwnHarness()
        let whole = try await harness.get("/v1/voices")["items"]?.array?.compactMap { $0["id"]?.text } ?? []
        #expect(whole.count > 1)
        var (found, next): ([String], String?) = ([], nil)
        repeat {
            let page = try await harness.get("/v1/voices?limit=1" + (next.map { "&cursor=\($0)" } ?? ""))
            #expect(page["items"]?.array?.count == 1)
            found += page["items"]?.array?.compactMap { $0["id"]?.text } ?? []
            next = page["next"]?.text
        } while next != nil && found.count < whole.count + 1
        #expect(found == whole)
    }

    @Test("voices are listed, made of a stored sound and deleted")
    func voices() async throws {
        let provider = RecordedVoices()
        let harness = try await OwnHarness(voices: provider)
        let list = try await harness.get("/v1/voices")
        #expect(list.json.object?["next"] == .null)
        let first = try #require(list["items"]?.array?.first)
        #expect(first["id"]?.text == "ann")
        #expect(first["isCloned"] == false)
        #expect(first["sampleUrl"]?.text?.hasPrefix("http://lips.test:8080/media/voices/") == true)
        let sound = try await harness.asset(.audio, "audio")
        let made = try await harness.send(
            .post, "/v1/voices", json: ["name": "Me", "sample": .string(sound.rawValue)])
        #expect(made.status == 201, "\(made.text)")
        #expect(made["name"]?.text == "Me")
        #expect(made["isCloned"] == true)
        let again = try await harness.send(
            .post, "/v1/voices", json: ["name": "Me", "sample": .string(sound.rawValue)])
        #expect(again.code == "voice-name-taken")
        let missing = try await harness.send(
            .post, "/v1/voices", json: ["name": "You", "sample": .string(AssetID().rawValue)])
        #expect(missing.status == 404)
        #expect(missing.field == "sample")
        for (body, field): (JSONValue, String) in [
            (["sample": .string(sound.rawValue)], "name"), (["name": "x"], "sample"),
            (["name": "x", "sample": "y"], "sample"), (["name": "x", "asset": "y"], "asset"),
        ] { #expect(try await harness.send(.post, "/v1/voices", json: body).field == field) }
        let id = try #require(made["id"]?.text)
        let stranger = try await harness.stranger()
        #expect(try await harness.send(.delete, "/v1/voices/\(id)", key: stranger).status == 404)
        #expect(try await harness.send(.delete, "/v1/voices/\(id)").status == 204)
        #expect(provider.removed == [id])
        let poor = try await OwnHarness(voices: RecordedVoices(clones: false))
        let refused = try await poor.send(
            .post, "/v1/voices", json: ["name": "Me", "sample": .string(AssetID().rawValue)])
        #expect(refused.code == "not-offered-here")
    }

    @Test("projects are made, listed in pages and deleted")
    func projects() async throws {
        let harness = try await OwnHarness()
        for name in ["A", "B", "C"] {
            let made = try await harness.send(.post, "/v1/projects", json: ["name": .string(name)])
            #expect(made.status == 201)
            #expect(made["name"]?.text == name)
        }
        let page = try await harness.get("/v1/projects?limit=2")
        #expect(page["items"]?.array?.count == 2)
        let rest = try await harness.get("/v1/projects?limit=2&cursor=\(page["next"]?.text ?? "")")
        let last = try #require(rest["items"]?.array?.first?["id"]?.text)
        #expect(rest["items"]?.array?.count == 1)
        #expect(try await harness.send(.delete, "/v1/projects/\(last)").status == 204)
        #expect(try await harness.send(.delete, "/v1/projects/\(last)").code == "project-not-found")
        #expect(try await harness.send(.delete, "/v1/projects/x").status == 404)
        #expect(try await harness.send(.post, "/v1/projects", json: ["name": ""]).field == "name")
        #expect(try await harness.send(.post, "/v1/projects", json: ["label": "x"]).field == "label")
    }

    @Test("the document describes every endpoint once, in full")
    func document() async throws {
        let harness = try await OwnHarness { $0.version = "9.8" }
        let answer = try await harness.get("/v1/openapi.json", key: "")
        #expect(answer.status == 200)
        #expect(answer["info"]?["version"]?.text == "9.8")
        let paths = try #require(answer["paths"]?.object)
        let operations = paths.values.flatMap { Array(($0.object ?? [:]).values) }
        let ids = operations.compactMap { $0["operationId"]?.text }
        #expect(Set(ids).count == operations.count)
        for id in [
            "createGeneration", "listGenerations", "getGeneration", "deleteGeneration", "watchGeneration",
            "getPreview", "getReport", "getReportPage", "watchGenerations", "getChoices", "listVoices", "createVoice",
            "deleteVoice", "listProjects", "createProject", "deleteProject",
        ] { #expect(ids.contains(id), "\(id)") }
        for operation in operations {
            #expect(operation["summary"]?.text?.isEmpty == false)
            #expect(operation["tags"]?.array?.count == 1)
        }
        let schemas = try #require(answer["components"]?["schemas"]?.object)
        for match in answer.text.matches(of: /#\/components\/schemas\/([A-Za-z]+)/) {
            #expect(schemas[String(match.output.1)] != nil, "\(match.output.1)")
        }
    }
}
