import Generations
import HTTP
import HedraV3API
import InterfaceHarness
import Persistence
import Testing
import Text
import Time

/// Numbered cases of the contract's section 19 about jobs, their lists, logs and streams.
@Suite("Hedra v3: jobs")
struct JobTests {
    private static func id(_ job: String) -> GenerationID { GenerationID(rawValue: String(job.dropFirst(4))) }

    @Test("13: a job's result has what is required, in whole numbers, and opens without a credential")
    func result() async throws {
        let harness = try await Harness()
        let job = try await harness.order()
        let waiting = try await harness.get("/jobs/\(job)")
        #expect(waiting["outputs"] == [])
        #expect(waiting["status"] == "IN_QUEUE")
        try await harness.finishOne()
        let done = try await harness.get("/jobs/\(job)")
        #expect(done["status"] == "COMPLETED")
        #expect(done["prompt"] == "calm")
        #expect(done["cost"] == nil)
        #expect(done["currency"] == nil)
        let output = try #require(done["outputs"]?.array?.first)
        #expect(output["fps"] == 25)
        #expect(output["duration_ms"] == 8640)
        #expect(output["width"] == 540)
        #expect(output["content_type"] == "video/mp4")
        #expect(output["asset_id"]?.text?.hasPrefix("asset_") == true)
        let path = try #require(output["url"]?.text?.dropFirst("http://lips.test:8080".count))
        #expect(try await harness.send(.get, String(path), key: "").status == 200)
        let status = try await harness.get("/jobs/\(job)/status")
        #expect(status["progress"] == 1)
        #expect(status["logs"] == nil)
        // The same job by its bare name.
        #expect(try await harness.get("/jobs/\(job.dropFirst(4))").status == 200)
    }

    @Test("42: a job that failed shows why, with the same envelope as refusals")
    func failed() async throws {
        let harness = try await Harness { $0.credits = 1000 }
        let job = try await harness.order()
        try await harness.finishOne(
            .failed(FailureFacts(code: .subjectNotFound, message: "There is no face."), mayRetry: false))
        let answer = try await harness.get("/jobs/\(job)")
        #expect(answer.status == 200)
        #expect(answer["status"] == "FAILED")
        #expect(answer["outputs"] == [])
        #expect(answer["error"]?["code"] == "INVALID_ARGUMENT")
        #expect(answer["error"]?["message"] == "There is no face.")
        #expect(answer["cost"]?.double == 0)
        #expect(answer["currency"] == "USD")
    }

    @Test("43, 44: lists are newest first, in pages that meet; wrong pages are refused")
    func lists() async throws {
        let harness = try await Harness()
        var jobs: [String] = []
        for _ in 0..<3 { jobs.insert(try await harness.order(), at: 0) }
        var seen: [String] = []
        var cursor = ""
        repeat {
            let page = try await harness.get("/jobs?limit=1\(cursor.isEmpty ? "" : "&cursor=\(cursor)")")
            seen += page["data"]?.array?.compactMap { $0["job_id"]?.text } ?? []
            cursor = page["next_cursor"]?.text ?? ""
        } while !cursor.isEmpty
        #expect(seen == jobs)
        for query in ["limit=0", "limit=101", "cursor=x", "cursor=\(GenerationID().rawValue)"] {
            #expect(try await harness.get("/jobs?\(query)").status == 400, "\(query)")
        }
        #expect(try await harness.get("/models/hedra-avatar/jobs")["data"]?.array?.count == 3)
        #expect(try await harness.get("/models/hedra-character-3/jobs")["data"] == [])
    }

    @Test("45, 46: logs come once, from a position on, by pages")
    func logs() async throws {
        let harness = try await Harness()
        let job = try await harness.order()
        let first = try await harness.get("/jobs/\(job)/status?logs_after=start")
        #expect(first["logs"]?.array?.compactMap { $0["event"]?.text } == ["queued"])
        let cursor = try #require(first["logs_next_cursor"]?.text)
        let same = try await harness.get("/jobs/\(job)/status?logs_after=\(cursor)")
        #expect(same["logs"] == [])
        #expect(same["logs_next_cursor"] == nil)
        try await harness.finishOne()
        let newer = try await harness.get("/jobs/\(job)/status?logs_after=\(cursor)")
        #expect(newer["logs"]?.array?.compactMap { $0["event"]?.text } == ["started", "completed"])
        #expect(try await harness.get("/jobs/\(job)/status?logs_after=x").status == 400)
        var ids: [Int] = []
        var position = ""
        repeat {
            let page = try await harness.get(
                "/jobs/\(job)/logs?limit=1\(position.isEmpty ? "" : "&cursor=\(position)")")
            ids += page["data"]?.array?.compactMap { $0["id"]?.int } ?? []
            position = page["next_cursor"]?.text ?? ""
        } while !position.isEmpty
        #expect(ids == [1, 2, 3])
    }

    @Test("47: somebody else's job is not there")
    func foreign() async throws {
        let harness = try await Harness()
        let job = try await harness.order()
        let stranger = try await harness.stranger()
        for path in ["", "/status", "/logs", "/stream"] {
            let answer = try await harness.get("/jobs/\(job)\(path)", key: stranger)
            #expect(answer.status == 404)
            #expect(answer.code == "NOT_FOUND")
        }
        #expect(try await harness.get("/jobs", key: stranger)["data"] == [])
        #expect(try await harness.get("/jobs/job_x").status == 404)
    }

    // MARK: Streams

    /// One event of a stream.
    private struct Event: Equatable {
        var name: String
        var id: String?
        var data: String

        var json: JSONValue { (try? JSONValue(parsing: data)) ?? .null }
        /// A status as state and progress, the name of a log line's event, or the data.
        var word: String {
            switch name {
            case "status": "\(json["status"]?.text ?? "") \(json["progress"]?.double ?? -1)"
            case "log": "log \(json["event"]?.text ?? "")"
            default: "\(name) \(data)"
            }
        }
    }

    private static func events(_ text: String) -> [Event] {
        text.split(separator: "\n\n").compactMap { block in
            var event = Event(name: "", data: "")
            for line in block.split(separator: "\n") {
                if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
                if line.hasPrefix("id: ") { event.id = String(line.dropFirst(4)) }
                if line.hasPrefix("data: ") { event.data = String(line.dropFirst(6)) }
                if line.hasPrefix("retry: ") { event = Event(name: "retry", data: String(line.dropFirst(7))) }
            }
            return event.name.isEmpty ? nil : event
        }
    }

    /// Reads a stream until it ends, or until `count` events have come.
    private func read(
        _ harness: Harness, _ job: String, after id: String? = nil, count: Int = .max
    ) async throws -> [Event] {
        var headers: HTTPHeaders = [:]
        headers["Last-Event-Id"] = id
        let (answer, pieces) = try await harness.stream("/v3/jobs/\(job)/stream", headers: headers)
        #expect(answer.status == 200)
        #expect(answer.headers["Content-Type"] == "text/event-stream")
        var text = ""
        for await piece in pieces {
            text += piece
            if Self.events(text).count >= count { break }
        }
        return Self.events(text)
    }

    @Test("49, 51: the stream of an ended job tells its end, its log and that there is no more")
    func endedStream() async throws {
        let harness = try await Harness()
        let job = try await harness.order()
        try await harness.finishOne()
        let events = try await read(harness, job)
        #expect(
            events.map(\.word)
                == [
                    "status COMPLETED 1.0", "log queued", "log started", "log completed", "done [STREAM_DONE]",
                ].map { $0.replacing("status ", with: "") })
        #expect(events.last?.id == nil)
        #expect(events.dropLast().allSatisfy { $0.id != nil })
        let ids = events.compactMap(\.id)
        #expect(Set(ids).count == ids.count)
        // Whoever has seen everything is told once more how it ended.
        let again = try await read(harness, job, after: ids.last)
        #expect(again.map(\.word) == ["COMPLETED 1.0", "done [STREAM_DONE]"])
        let part = try await read(harness, job, after: ids[1])
        #expect(part.map(\.word) == ["log started", "log completed", "COMPLETED 1.0", "done [STREAM_DONE]"])
        for unknown in ["999999", "7.3", "x", "-1.0"] {
            #expect(try await read(harness, job, after: unknown).map(\.word) == events.map(\.word), "\(unknown)")
        }
    }

    @Test("48, 50: a watcher that is cut off anywhere sees every state once and in order")
    func resumedStream() async throws {
        let harness = try await Harness()
        let job = try await harness.order()
        let id = Self.id(job)
        // What a watcher sees that is there from the beginning and is never cut off.
        let whole = [
            "IN_QUEUE 0.0", "log queued", "log started", "IN_PROGRESS 0.0", "log progress", "IN_PROGRESS 0.3",
            "log progress", "IN_PROGRESS 0.7", "log finalizing", "log completed", "COMPLETED 1.0",
            "done [STREAM_DONE]",
        ]
        let opened = try await read(harness, job, count: 2)
        #expect(opened.map(\.word) == Array(whole.prefix(2)))
        let claimed = try await harness.claim()
        for progress in [0.3, 0.7] {
            _ = try await harness.store.advanceJob(
                id, fence: claimed.lease.fence, progress: progress, isFinalizing: false)
        }
        let middle = try await read(harness, job, after: opened.last?.id, count: 4)
        #expect(middle.prefix(4).map(\.word) == Array(whole[2..<6]))
        _ = try await harness.store.advanceJob(id, fence: claimed.lease.fence, progress: 0.7, isFinalizing: true)
        let facts = try await harness.keep("video", of: claimed, name: "v.mp4")
        try await harness.finish(
            AttemptReport(
                id: id, fence: claimed.lease.fence,
                outcome: .completed(
                    OutputFacts(
                        blob: facts.key, durationSeconds: 1, width: 2, height: 2, byteCount: 5, frameCount: 25))))
        // From each position on, what is left is told.
        let rest = try await read(harness, job, after: opened.last?.id)
        #expect(rest.map(\.word) == Array(whole[2...]))
        for (index, event) in rest.enumerated().dropLast() {
            let left = try await read(harness, job, after: event.id)
            let expected = Array(rest[(index + 1)...]).map(\.word)
            // The last status is told in any case.
            #expect(
                left.map(\.word) == (expected.contains("COMPLETED 1.0") ? expected : ["COMPLETED 1.0"] + expected),
                "after \(event.word)")
        }
    }

    @Test("A watcher that begins late is told the state once, and nothing of before")
    func lateStream() async throws {
        let harness = try await Harness()
        let job = try await harness.order()
        let claimed = try await harness.claim()
        _ = try await harness.store.advanceJob(
            Self.id(job), fence: claimed.lease.fence, progress: 0.4, isFinalizing: false)
        let opened = try await read(harness, job, count: 4)
        #expect(
            opened.prefix(4).map(\.word) == ["IN_PROGRESS 0.4", "log queued", "log started", "log progress"])
        // Cut off after the first line: older states are not told afterwards.
        let resumed = try await read(harness, job, after: opened[1].id, count: 2)
        #expect(resumed.prefix(2).map(\.word) == ["log started", "log progress"])
    }

    @Test("A stream ends without its end, with a pause, when the server stops")
    func closedStream() async throws {
        let harness = try await Harness()
        let job = try await harness.order()
        let (_, pieces) = try await harness.stream("/v3/jobs/\(job)/stream")
        var text = ""
        for await piece in pieces {
            text += piece
            if text.contains("queued") { harness.signal.end() }
        }
        #expect(Self.events(text).last == Event(name: "retry", data: "1000"))
        #expect(!text.contains("STREAM_DONE"))
    }

    @Test("A stream ends when the key that opened it is revoked; nothing of what follows is told")
    func revokedStream() async throws {
        let harness = try await Harness()
        let job = try await harness.order()
        let made = try await harness.post("/keys", ["scopes": ["jobs:read"]])
        let (key, secret) = (try #require(made["key_id"]?.text), try #require(made["credential"]?.text))
        let (answer, pieces) = try await harness.stream("/v3/jobs/\(job)/stream", key: secret)
        #expect(answer.status == 200)
        var text = ""
        for await piece in pieces {
            text += piece
            guard text.contains("queued"), !text.contains("completed") else { continue }
            #expect(try await harness.send(.delete, "/v3/keys/\(key)").status == 204)
            try await harness.finishOne()
        }
        #expect(Self.events(text).map(\.word) == ["IN_QUEUE 0.0", "log queued"])
    }
}
