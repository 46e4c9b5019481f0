import Generations
import Time

extension StoreConformance {
    static let outboxCases = [
        StoreConformance("a delivery is sent until it is acknowledged, by one sender at a time") { store in
            let organisation = try await makeOrganisation(store)
            let policy = DeliveryPolicy()
            try await store.enqueue(
                WebhookDelivery(
                    organisation: organisation, url: "https://me.example", body: Array("{}".utf8),
                    createdAt: Samples.start))
            var now = Samples.start
            let first = try await store.claimDelivery(worker: "a", now: now, policy: policy)
            try expectEqual(first?.body, Array("{}".utf8))
            try expect(try await store.claimDelivery(worker: "b", now: now, policy: policy) == nil, "being sent")
            // The sender vanishes.
            now = now.advanced(by: policy.lease)
            guard let second = try await store.claimDelivery(worker: "b", now: now, policy: policy) else {
                throw ConformanceFailure(description: "due again after its sender vanished")
            }
            try expectEqual(
                try await store.finishDelivery(second.id, fence: 1, response: .status(200), now: now, policy: policy),
                .ignore)
            let retry = try await store.finishDelivery(
                second.id, fence: 2, response: .status(503), now: now, policy: policy)
            guard case .retry(let due) = retry else { throw ConformanceFailure(description: "\(retry)") }
            try expectEqual(try await store.nextDeliveryDue(), due)
            let third = try await store.claimDelivery(worker: "b", now: due, policy: policy)
            try expectEqual(third?.lifecycle.attemptCount, 3)
            try expectEqual(
                try await store.finishDelivery(second.id, fence: 3, response: .status(204), now: due, policy: policy),
                .close(.delivered))
            try expectEqual(try await store.nextDeliveryDue(), nil)
            let log = try await store.deliveries(organisation: nil, limit: 5)
            try expectEqual(log.map(\.lifecycle.status), [.delivered])
            try expectEqual(log[0].lifecycle.lastResponse, .status(204))
        },
        StoreConformance("deliveries to hosts that are busy are passed over, however many wait") { store in
            let organisation = try await makeOrganisation(store)
            let policy = DeliveryPolicy()
            for index in 0..<70 {
                let url = index == 69 ? "https://quick.example/hook" : "https://a:b@SLOW.example:8443/hook?n=\(index)"
                try await store.enqueue(
                    WebhookDelivery(
                        organisation: organisation, url: url, body: [],
                        createdAt: Samples.start.advanced(by: .milliseconds(index))))
            }
            let now = Samples.start.advanced(by: .seconds(1))
            let slow: Set<String> = ["slow.example"]
            let due = try await store.nextDeliveryDue(avoiding: slow)
            try expect(due != nil, "the quick one is due")
            let moment = Moment(now)
            let claimed = try await store.claimDelivery(worker: "a", now: moment, policy: policy, avoiding: slow)
            try expectEqual(claimed?.host, "quick.example")
            try expect(
                try await store.claimDelivery(worker: "a", now: moment, policy: policy, avoiding: slow) == nil,
                "all others are busy")
            let first = try await store.claimDelivery(worker: "a", now: now, policy: policy)
            try expectEqual(first?.host, "slow.example")
        },
        StoreConformance("every try that ended is kept, and what has ended can be sent again") { store in
            let organisation = try await makeOrganisation(store)
            let policy = DeliveryPolicy()
            let delivery = WebhookDelivery(
                organisation: organisation, url: "https://me.example", body: [], createdAt: Samples.start)
            let other = WebhookDelivery(
                organisation: organisation, url: "https://other.example", body: [], createdAt: Samples.start)
            try await store.enqueue(delivery)
            func moment(_ seconds: Int) -> Moment {
                // The two times must not be mixed up.
                Moment(
                    wall: Samples.start.advanced(by: .seconds(seconds)),
                    steady: Timestamp(milliseconds: Int64(seconds) * 1000))
            }
            func attempt(_ response: DeliveryResponse, at seconds: Int) async throws -> DeliveryLifecycle.Action {
                guard
                    let claimed = try await store.claimDelivery(
                        worker: "a", now: moment(seconds), policy: policy), let lease = claimed.lifecycle.lease
                else { throw ConformanceFailure(description: "it is due after \(seconds) s") }
                return try await store.finishDelivery(
                    claimed.id, fence: lease.fence, response: response, now: moment(seconds + 1), policy: policy)
            }
            try expectEqual(try await store.deliveryTries(of: [delivery.id]), [:])
            _ = try await attempt(.unreachable, at: 0)
            try expectEqual(try await store.redeliver(delivery.id, now: moment(2))?.isDue, false)
            // A sender vanishes; it ends its try too late.
            _ = try await store.claimDelivery(worker: "gone", now: moment(10), policy: policy)
            try expectEqual(try await attempt(.status(404), at: 50), .close(.refused))
            try expectEqual(
                try await store.finishDelivery(
                    delivery.id, fence: 2, response: .status(200), retryAfter: nil, now: moment(55), policy: policy),
                .ignore)
            try expectEqual(try await store.nextDeliveryDue(), nil)
            let again = try await store.redeliver(delivery.id, now: moment(60))
            try expectEqual(again?.isDue, true)
            try expectEqual(again?.delivery.lifecycle.status, .waiting)
            try expectEqual(again?.delivery.lifecycle.earlierAttemptCount, 3)
            try expectEqual(try await store.nextDeliveryDue(), moment(60).steady)
            // The first pause again, not the fourth.
            try expectEqual(
                try await attempt(.status(500), at: 60), .retry(at: moment(61).steady.advanced(by: policy.delays[0])))
            try expectEqual(try await attempt(.status(204), at: 70), .close(.delivered))
            try await store.enqueue(other)
            let tries = try await store.deliveryTries(of: [delivery.id, other.id])
            func ended(_ number: Int, _ seconds: Int, _ response: DeliveryResponse) -> DeliveryTry {
                DeliveryTry(number: number, at: moment(seconds).wall, response: response)
            }
            try expectEqual(
                tries,
                [
                    delivery.id: [
                        ended(1, 1, .unreachable), ended(3, 51, .status(404)), ended(4, 61, .status(500)),
                        ended(5, 71, .status(204)),
                    ]
                ])
            try expect(try await store.redeliver(DeliveryID(), now: moment(80)) == nil, "there is none of that name")
            // Tries go with their delivery.
            var retention = RetentionPolicy()
            retention.deliveries = .zero
            _ = try await store.retire(retention, now: moment(90).wall)
            try expectEqual(try await store.deliveryTries(of: [delivery.id]), [:])
        },
        StoreConformance("deliveries are listed the newest first, in pages") { store in
            let organisation = try await makeOrganisation(store)
            let other = try await makeOrganisation(store)
            var sent: [WebhookDelivery] = []
            for index in 0..<7 {
                let delivery = WebhookDelivery(
                    organisation: index == 3 ? other : organisation, url: "https://me.example", body: [],
                    createdAt: Samples.start.advanced(by: .seconds(index / 3)))
                try await store.enqueue(delivery)
                sent.append(delivery)
            }
            sent.sort { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
            for owner in [nil, organisation] {
                var seen: [DeliveryID] = []
                while true {
                    let page = try await store.deliveries(organisation: owner, after: seen.last, limit: 3)
                    seen += page.map(\.id)
                    if page.count < 3 { break }
                }
                try expectEqual(seen, sent.filter { owner == nil || $0.organisation == owner }.map(\.id))
            }
            try await expectCode(.requestInvalid) {
                try await store.deliveries(organisation: nil, after: DeliveryID(), limit: 3)
            }
        },
    ]
}
