import Access
import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Persistence
import StoreConformance
import Testing
import Text
import Time

@Suite("Lipsmith's own API: events")
struct EventTests {
    /// An event of a stream.
    private struct Event {
        var name: String
        var data: JSONValue

        init(_ text: String) throws {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count == 4, "\(text)")
            name = String(lines[0].trimmingPrefix("event: "))
            data = try JSONValue(parsing: Array(lines[1].trimmingPrefix("data: ").utf8))
        }
    }

    @Test("a generation is told from now to its end, with its pictures")
    func generation() async throws {
        let harness = try await OwnHarness()
        let id = try await harness.stored(try await harness.order()).id
        let (answer, pieces) = try await harness.stream("/v1/generations/\(id)/events")
        #expect(answer.status == 200)
        #expect(answer.headers["Content-Type"] == "text/event-stream")
        #expect(answer.headers["Cache-Control"] == "no-cache")
        #expect(answer.headers["X-Accel-Buffering"] == "no")
        var stream = pieces.makeAsyncIterator()
        let first = try Event(try #require(await stream.next()))
        #expect(first.name == "generation")
        #expect(first.data["status"]?.text == "pending")
        let job = try await harness.claim()
        harness.live.begin(id, fence: job.lease.fence)
        harness.live.update(id, fence: job.lease.fence) {
            $0.stage = .rendering
            $0.preview = [1]
            $0.previewCount = 3
        }
        harness.signal.announce(.generation(id))
        let running = try Event(try #require(await stream.next()))
        #expect(running.data["status"]?.text == "processing")
        #expect(running.data["stage"]?.text == "rendering")
        let picture = try Event(try #require(await stream.next()))
        #expect(picture.name == "preview")
        #expect(picture.data == ["id": .string(id.rawValue), "number": 3])
        // Nothing announces what only the render knows.
        harness.live.update(id, fence: job.lease.fence) { $0.previewCount = 4 }
        let second = try Event(try #require(await stream.next()))
        #expect(second.data["number"] == 4)
        // Another attempt begins from the beginning.
        harness.live.begin(id, fence: job.lease.fence + 1)
        harness.live.update(id, fence: job.lease.fence + 1) { $0.previewCount = 1 }
        var next = try Event(try #require(await stream.next()))
        while next.name == "generation" { next = try Event(try #require(await stream.next())) }
        #expect(next.data["number"] == 1)
        let video = try await harness.keep("video", of: job, name: "video.mp4")
        let facts = OutputFacts(
            blob: video.key, durationSeconds: 1, width: 2, height: 2, byteCount: 5, frameCount: 25)
        try await harness.finish(AttemptReport(id: id, fence: job.lease.fence, outcome: .completed(facts)))
        let last = try Event(try #require(await stream.next()))
        #expect(last.data["status"]?.text == "completed")
        #expect(last.data["progress"] == 1)
        #expect(await stream.next() == nil)
        // One that has ended is told once.
        let (_, ended) = try await harness.stream("/v1/generations/\(id)/events")
        var texts: [String] = []
        for await text in ended { texts.append(text) }
        #expect(texts.count == 1)
    }

    @Test("the organisation hears of all of its generations and of nobody else's")
    func organisation() async throws {
        let harness = try await OwnHarness()
        let old = try await harness.stored(try await harness.order()).id
        try await harness.finishOne()
        let waiting = try await harness.stored(try await harness.order()).id
        let (answer, pieces) = try await harness.stream("/v1/events")
        #expect(answer.headers["Content-Type"] == "text/event-stream")
        var stream = pieces.makeAsyncIterator()
        let first = try Event(try #require(await stream.next()))
        #expect(first.name == "generation")
        #expect(first.data == ["id": .string(waiting.rawValue), "status": "pending", "progress": 0])
        #expect(old != waiting)
        try await harness.finishOne()
        let second = try Event(try #require(await stream.next()))
        #expect(second.data == ["id": .string(waiting.rawValue), "status": "completed", "progress": 1])
        let stranger = try await harness.stranger()
        let foreign = try await harness.send(
            .post, "/v1/generations", headers: ["Content-Type": "application/json"],
            body: JSONValue.object(OwnHarness.usualOrder).utf8, key: stranger)
        #expect(foreign.status == 201)
        let new = try await harness.stored(try await harness.order()).id
        let third = try Event(try #require(await stream.next()))
        #expect(third.data["id"]?.text == new.rawValue)
    }

    @Test("streams end with the process", arguments: ["/v1/events", "/v1/generations/{id}/events"])
    func stopping(target: String) async throws {
        let harness = try await OwnHarness()
        let id = try await harness.stored(try await harness.order()).id
        let (_, pieces) = try await harness.stream(target.replacing("{id}", with: id.rawValue))
        var stream = pieces.makeAsyncIterator()
        #expect(await stream.next() != nil)
        harness.signal.end()
        #expect(await stream.next() == nil)
    }

    @Test(
        "a stream ends when its key or session is revoked, and tells nothing of what happens then",
        arguments: ["/v1/events", "/v1/generations/{id}/events"], [false, true])
    func revocation(target: String, isSession: Bool) async throws {
        let harness = try await OwnHarness()
        let id = try await harness.stored(try await harness.order()).id
        let cookie = try await harness.signIn()
        let (_, pieces) = try await harness.stream(
            target.replacing("{id}", with: id.rawValue), headers: isSession ? ["Cookie": cookie] : [:],
            key: isSession ? "" : nil)
        var stream = pieces.makeAsyncIterator()
        #expect(await stream.next() != nil)
        let now = SystemClock().now
        if isSession {
            let sessions = try await harness.store.sessions(organisation: nil, now: now, after: nil, limit: 1)
            let session = try #require(sessions.items.first).id
            #expect(try await harness.store.revokeSession(session, now: now))
            harness.authenticator.forget(.session(session))
        } else {
            let key = try #require(try await harness.store.keys().first).id
            #expect(try await harness.store.revokeKey(key, now: now))
            harness.authenticator.forget(.key(key))
        }
        _ = try await harness.claim()
        harness.signal.announceChange(of: id, organisation: harness.organisation)
        #expect(await stream.next() == nil)
    }

    @Test("a stream ends also when another process revokes its key")
    func revocationElsewhere() async throws {
        let harness = try await OwnHarness()
        let (_, pieces) = try await harness.stream("/v1/events")
        let key = try #require(try await harness.store.keys().first).id
        #expect(try await harness.store.revokeKey(key, now: SystemClock().now))
        for await piece in pieces { #expect(piece.isEmpty) }
    }

    @Test("a stream about a generation that is deleted ends")
    func deleted() async throws {
        let harness = try await OwnHarness()
        let generation = try await harness.stored(try await harness.order())
        let (_, pieces) = try await harness.stream("/v1/generations/\(generation.id)/events")
        var stream = pieces.makeAsyncIterator()
        #expect(await stream.next() != nil)
        let job = try await harness.claim()
        let report = AttemptReport(
            id: generation.id, fence: job.lease.fence,
            outcome: .failed(FailureFacts(code: .videoUnusable), mayRetry: false))
        #expect(
            try await harness.store.finishJob(report, now: generation.createdAt, policy: JobPolicy()) == .finish)
        _ = try await harness.store.deleteGeneration(generation.id, organisation: harness.organisation)
        harness.signal.announce(.generation(generation.id))
        #expect(await stream.next() == nil)
    }
}
