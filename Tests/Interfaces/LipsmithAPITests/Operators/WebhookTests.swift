import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Persistence
import StoreConformance
import Testing
import Text
import Time

@Suite("Lipsmith's own API: webhooks")
struct WebhookTests {
    private let policy = DeliveryPolicy()

    private func enqueue(_ harness: SessionHarness, at seconds: Int = 0) async throws -> WebhookDelivery {
        let delivery = WebhookDelivery(
            organisation: harness.organisation, generation: GenerationID(), url: "https://me.test/hook",
            createdAt: Samples.start.advanced(by: .seconds(seconds)))
        try await harness.store.enqueue(delivery)
        return delivery
    }

    private func attempt(_ harness: SessionHarness, _ response: DeliveryResponse) async throws {
        let now = Moment(wall: Samples.start.advanced(by: .seconds(30)), steady: harness.store.steadyTime)
        let claimed = try #require(try await harness.store.claimDelivery(worker: "w", now: now, policy: policy))
        _ = try await harness.store.finishDelivery(
            claimed.id, fence: try #require(claimed.lifecycle.lease?.fence), response: response, retryAfter: nil,
            now: now, policy: policy)
    }

    @Test("Each is shown with every try, and when it is tried next")
    func list() async throws {
        let harness = try await SessionHarness(facts: .test)
        let delivery = try await enqueue(harness)
        try await attempt(harness, .unreachable)
        let key = try await harness.operatorKey()
        let before = SystemClock().now
        let list = try await harness.send(.get, "/v1/operator/webhooks", key: key)
        let row = try #require(list["items"]?.array?.first)
        #expect(row["id"]?.text == delivery.id.rawValue)
        #expect(row["generation"]?.text == delivery.generation?.rawValue)
        #expect(row.isNull("batch"))
        #expect(row["url"] == "https://me.test/hook")
        #expect(row["status"] == "waiting")
        #expect(row["attemptCount"] == 1)
        #expect(row["organisation"]?["name"] == "test")
        #expect(row["tries"] == [["at": "2026-01-01T00:00:30.000Z", "response": "unreachable"]])
        let next = try #require(row["nextTryAt"]?.text.flatMap { Timestamp(iso8601: $0) })
        // The first pause is five seconds, of which some has gone by.
        #expect(next > before)
        #expect(next <= SystemClock().now.advanced(by: .seconds(5)))
    }

    @Test("What has ended is sent again at once, with its tries of before; what waits or is unknown is refused")
    func redelivery() async throws {
        let harness = try await SessionHarness(facts: .test)
        let delivery = try await enqueue(harness)
        let key = try await harness.operatorKey()
        let path = "/v1/operator/webhooks/\(delivery.id)/redeliver"
        let early = try await harness.send(.post, path, key: key)
        #expect(early.status == 409)
        #expect(early.refusalCode == "webhook-not-ended")
        try await attempt(harness, .status(404))
        let ended = try await harness.send(.get, "/v1/operator/webhooks", key: key)["items"]?.array?.first
        #expect(ended?["status"] == "refused")
        #expect(ended?.isNull("nextTryAt") == true)
        let again = try await harness.send(.post, path, key: key)
        #expect(again.status == 202)
        #expect(again["status"] == "waiting")
        #expect(again["tries"]?.array?.count == 1)
        let due = try #require(try await harness.store.nextDeliveryDue())
        #expect(due <= harness.store.steadyTime)
        try await attempt(harness, .status(200))
        let done = try await harness.send(.get, "/v1/operator/webhooks", key: key)["items"]?.array?.first
        #expect(done?["status"] == "delivered")
        #expect(done?["attemptCount"] == 2)
        #expect(done?["tries"]?.array?.map { $0["response"] } == [404, 200])
        for id in [DeliveryID().rawValue, "x"] {
            let unknown = try await harness.send(.post, "/v1/operator/webhooks/\(id)/redeliver", key: key)
            #expect(unknown.status == 404)
            #expect(unknown.refusalCode == "webhook-not-found")
        }
    }

    @Test("They come in pages, the newest first")
    func pages() async throws {
        let harness = try await SessionHarness(facts: .test)
        var ids: [String] = []
        for index in 0..<3 { ids.insert(try await enqueue(harness, at: index).id.rawValue, at: 0) }
        let key = try await harness.operatorKey()
        let first = try await harness.send(.get, "/v1/operator/webhooks?limit=2", key: key)
        let second = try await harness.send(
            .get, "/v1/operator/webhooks?limit=2&cursor=\(first["next"]?.text ?? "")", key: key)
        let items = (first["items"]?.array ?? []) + (second["items"]?.array ?? [])
        #expect(items.compactMap { $0["id"]?.text } == ids)
        #expect(second.isNull("next"))
    }
}
