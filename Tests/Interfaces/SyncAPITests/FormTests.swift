import Foundation
import Generations
import HTTP
import InterfaceHarness
import Persistence
import SyncAPI
import Testing
import Text

/// What real clients put on the wire beside JSON.
@Suite("Sync: forms")
struct FormTests {
    @Test("17: files named upload, of no type")
    func files() async throws {
        let harness = try await Harness()
        let answer = try await harness.form([
            FormPart("video", "video bytes", fileName: "upload"), FormPart("audio", "audio bytes", fileName: "upload"),
            FormPart("model", "lipsync-2"),
        ])
        #expect(answer.status == 201, "\(answer.text)")
        let input = try #require(answer["input"]?.array)
        #expect(input.map { $0["type"]?.text } == ["video", "audio"])
        let asset = try #require(input[0]["assetId"]?.text)
        let stored = try await harness.get("/v2/assets/\(asset)")
        #expect(stored["type"]?.text == "VIDEO")
        #expect(stored["durationSeconds"]?.double == 4)
        let url = try #require(stored["url"]?.text)
        let path = String(url.dropFirst("http://lips.test:8080".count))
        #expect(try await harness.send(.get, path, key: "").status == 200)
    }

    @Test("18: repeated input fields, each one item, and options as text")
    func repeatedInput() async throws {
        let harness = try await Harness()
        let answer = try await harness.form([
            FormPart("model", "lipsync-2"), FormPart("input", #"{"type":"video","url":"http://media.test/v4.mp4"}"#),
            FormPart("input", #"{"type":"audio","url":"http://media.test/a8.wav"}"#),
            FormPart("options", #"{"sync_mode":"loop"}"#),
        ])
        #expect(answer.status == 201, "\(answer.text)")
        #expect(answer["input"] == Harness.usualInput)
        #expect(answer["options"]?["sync_mode"]?.text == "loop")
    }

    @Test("19: a file wins over the address of its type")
    func fileWins() async throws {
        let harness = try await Harness()
        let answer = try await harness.form([
            FormPart("video", "video bytes", fileName: "clip.mp4"), FormPart("model", "lipsync-2"),
            FormPart(
                "input",
                #"[{"type":"video","url":"http://unreachable"},{"type":"audio","url":"http://media.test/a8.wav"}]"#),
        ])
        #expect(answer.status == 201, "\(answer.text)")
        let asset = try #require(answer["input"]?.array?[0]["assetId"]?.text)
        let url = answer["input"]?.array?[0]["url"]?.text
        #expect(url?.hasPrefix("http://lips.test:8080/v2/assets/\(asset)/content?token=") == true, "\(url ?? "none")")
    }

    @Test("a node's text branch: a place for the file, a text before it")
    func placeholder() async throws {
        let harness = try await Harness { $0.rules.features = [.speech] }
        let script: JSONValue = ["name": "elevenlabs", "voiceId": "v", "script": "Hello"]
        let input: JSONValue = [["type": "text", "provider": script], ["type": "video"]]
        let answer = try await harness.form(
            [
                FormPart("model", "lipsync-2"), FormPart("input", input.serialized), FormPart("options", "{}"),
                FormPart("video", "video bytes", fileName: "v.mp4"),
            ], headers: ["x-sync-source": "comfyui"])
        #expect(answer.status == 200, "that branch takes nothing but 200")
        #expect(answer["synthesizedAudioUrl"] == nil)
        #expect(answer.json.object?["synthesizedAudioUrl"] == .null)
    }

    @Test("a node's file branch: flat fields")
    func flat() async throws {
        let harness = try await Harness()
        let answer = try await harness.form([
            FormPart("model", "lipsync-2"), FormPart("sync_mode", "loop"), FormPart("temperature", "0.5"),
            FormPart("active_speaker", "false"),
            FormPart("active_speaker_detection", #"{"auto_detect":true,"occlusion_detection_enabled":true}"#),
            FormPart("input", #"[{"type":"video"},{"type":"audio"}]"#),
            FormPart("video_url", "http://media.test/v4.mp4"), FormPart("audio_url", "http://media.test/a8.wav"),
        ])
        #expect(answer.status == 201, "\(answer.text)")
        let id = try #require(GenerationID(parsing: answer["id"]?.text ?? ""))
        let generation = try #require(try await harness.store.generation(id, organisation: harness.organisation))
        #expect(generation.request.lipSync?.options.syncMode == .loop)
        #expect(generation.request.lipSync?.options.temperature == 0.5)
        #expect(generation.request.lipSync?.options.speaker == .automatic)
        #expect(generation.request.lipSync?.options.detectsOcclusion == true)
    }

    @Test("an urlencoded form, as a client library sends without files")
    func urlencoded() async throws {
        let harness = try await Harness()
        let headers: HTTPHeaders = ["Content-Type": "application/x-www-form-urlencoded"]
        let bare = try await harness.send(
            .post, "/v2/generate", headers: headers, body: Array("model=lipsync-2&webhookUrl=https%3A%2F%2Fx.test".utf8)
        )
        #expect(bare.status == 400)
        #expect(bare.text.contains("input"))
        let text =
            "model=lipsync-2&input=" + Harness.usualInput.serialized
            .addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
        #expect(try await harness.send(.post, "/v2/generate", headers: headers, body: Array(text.utf8)).status == 201)
    }

    @Test("a file that is not what its part says, one too large, and one in a strange part")
    func refusedFiles() async throws {
        let harness = try await Harness { $0.formFileByteLimit = 1000 }
        let wrong = try await harness.form([
            FormPart("video", "a picture", fileName: "v.mp4"), FormPart("model", "lipsync-2"),
        ])
        #expect(wrong.status == 422)
        #expect(wrong.code == "generation_input_video_invalid")
        #expect(wrong["field"]?.text == "video")
        let large = try await harness.form([
            FormPart("video", String(repeating: "v", count: 1001), fileName: "v.mp4"), FormPart("model", "lipsync-2"),
        ])
        #expect(large.status == 413)
        #expect(large.code == "generation_input_validation_failed")
        #expect(large.text.contains("asset"))
        let strange = try await harness.form([FormPart("film", "video", fileName: "v.mp4")])
        #expect(strange.status == 400)
    }

    @Test("a repeated form with an idempotency key makes one generation though its files are stored anew")
    func idempotency() async throws {
        let harness = try await Harness()
        func send(_ content: String) async throws -> Answer {
            try await harness.form(
                [
                    FormPart("video", content, fileName: "upload"), FormPart("audio", "audio", fileName: "upload"),
                    FormPart("model", "lipsync-2"),
                ], headers: ["Idempotency-Key": "form-1"])
        }
        let first = try await send("video one")
        #expect(first.status == 201)
        #expect(try await send("video one")["id"] == first["id"])
        #expect(try await send("video two").status == 409)
    }

    @Test("mutated forms are answered with 4xx or taken, and leave no file half written")
    func mutated() async throws {
        let harness = try await Harness()
        var text = ""
        for part in [
            ("video", "video bytes", true), ("audio", "audio bytes", true), ("model", "lipsync-2", false),
            ("options", "{\"sync_mode\":\"loop\"}", false),
        ] {
            text += "--edge\r\nContent-Disposition: form-data; name=\"\(part.0)\""
            text += part.2 ? "; filename=\"upload\"\r\nContent-Type: video/mp4\r\n\r\n" : "\r\n\r\n"
            text += part.1 + "\r\n"
        }
        let body = Array((text + "--edge--\r\n").utf8)
        var random = SplitMix(state: 7)
        let mutants = (0..<10_000).map { _ in
            var mutant = body
            for _ in 0...Int(random.next() % 3) {
                let index = Int(random.next() % UInt64(mutant.count))
                switch random.next() % 4 {
                case 0: mutant[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: mutant.remove(at: index)
                case 2: mutant.insert(UInt8(truncatingIfNeeded: random.next()), at: index)
                default: mutant.removeSubrange(index...)
                }
                if mutant.isEmpty { mutant = [45] }
            }
            return mutant
        }
        // Eight at a time: the store writes what comes together in one transaction.
        try await withThrowingTaskGroup { group in
            for lane in 0..<8 {
                group.addTask {
                    for index in stride(from: lane, to: mutants.count, by: 8) {
                        let answer = try await harness.send(
                            .post, "/v2/generate", headers: ["Content-Type": "multipart/form-data; boundary=edge"],
                            body: mutants[index])
                        let isTakenOrRefused = answer.status == 201 || (400...499).contains(answer.status)
                        #expect(isTakenOrRefused, "\(answer.status) \(answer.text)")
                    }
                }
            }
            try await group.waitForAll()
        }
        let incoming = harness.folder + "/blobs/incoming"
        let left = try FileManager.default.subpathsOfDirectory(atPath: incoming).filter { path in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(incoming)/\(path)", isDirectory: &isFolder)
            // A process's own folder and its lock go with it.
            return !isFolder.boolValue && !path.hasSuffix("/lock")
        }
        #expect(left.isEmpty)
    }
}

/// Small reproducible random numbers (Steele, Lea and Flood 2014).
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
