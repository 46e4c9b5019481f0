import Generations
import HTTP
import Text
import Time
import WebInterface

/// The webhooks of all organisations.
struct WebhookController: Sendable {
    private let store: any JobStore & OutboxStore
    private let directory: OrganisationDirectory
    private let signal: ChangeSignal
    private let clock: any WallClock

    init(_ services: InterfaceServices) {
        store = services.store
        directory = OrganisationDirectory(store: services.store, clock: services.clock)
        signal = services.signal
        clock = services.clock
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/operator/webhooks", id: "listWebhooks", tag: "Operators",
                summary: "The webhooks of all organisations, newest first.",
                parameters: PageQuery<WebhookDelivery>.parameters,
                answer: .json(.page(of: .object)), callers: .operators, handle: list),
            Endpoint(
                .post, "/v1/operator/webhooks/{id}/redeliver", id: "redeliverWebhook", tag: "Operators",
                summary: "Send a webhook that has ended again, at once and with all its tries.", statuses: [202],
                answer: .json(.object), callers: .operators, handle: redeliver),
        ]
    }

    private func list(_ call: Call) async throws -> HTTPResponse {
        let wanted = try PageQuery<WebhookDelivery>(call)
        let page = wanted.page(
            reading: try await store.deliveries(organisation: nil, after: wanted.cursor, limit: wanted.limit + 1))
        let json = try await view(of: page.items.map(\.id))
        return .page(page.items.map(json), next: page.nextCursor(\.id))
    }

    private func redeliver(_ call: Call) async throws -> HTTPResponse {
        let now = Moment(wall: clock.now, steady: store.steadyTime)
        guard let id = DeliveryID(parsing: call.parameter()),
            let (delivery, isDue) = try await store.redeliver(id, now: now)
        else {
            throw LipsmithRefusal(
                .notFound, "webhook-not-found", "There is no such webhook.",
                suggestion: "GET /v1/operator/webhooks lists those that are kept.")
        }
        guard isDue else {
            throw LipsmithRefusal(
                .conflict, "webhook-not-ended", "The webhook is being sent still.",
                suggestion: "Wait until it was delivered, refused or given up; nextTryAt says when it is tried next.")
        }
        signal.announce(.deliveries)
        return .json(try await view(of: [id])(delivery), status: .accepted)
    }

    /// What some deliveries look like, their tries read once for all.
    private func view(of ids: [DeliveryID]) async throws -> (WebhookDelivery) -> JSONValue {
        let tries = try await store.deliveryTries(of: ids)
        let names = try await OrganisationNames(directory)
        let (wall, steady) = (clock.now, store.steadyTime)
        return { delivery in
            let life = delivery.lifecycle
            let pause = max(.zero, life.dueAt.duration(since: steady))
            return [
                "id": .string(delivery.id.rawValue), "organisation": names.json(delivery.organisation),
                "generation": .text(delivery.generation?.rawValue), "batch": .text(delivery.batch?.rawValue),
                "url": .string(delivery.url), "status": .string(life.status.rawValue),
                "attemptCount": .whole(life.attemptCount),
                "nextTryAt": .time(life.status.isTerminal ? nil : wall.advanced(by: pause)),
                "createdAt": .time(delivery.createdAt),
                "tries": .array((tries[delivery.id] ?? []).map(Self.json)),
            ]
        }
    }

    private static func json(_ attempt: DeliveryTry) -> JSONValue {
        let response: JSONValue =
            switch attempt.response {
            case .status(let number): .whole(number)
            case .unreachable: "unreachable"
            }
        return ["at": .time(attempt.at), "response": response]
    }
}
