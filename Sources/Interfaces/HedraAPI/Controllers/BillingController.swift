import Generations
import HTTP
import Text
import WebInterface

/// Credits: any number unless the operator counts them.
struct BillingController: Sendable {
    /// What an organisation is shown to have where nobody counts.
    private static let unlimited = 1_000_000

    let store: any GenerationStore
    /// What an organisation may spend; nil for any number.
    let credits: Int?

    var endpoint: Endpoint {
        Endpoint(
            .get, "/billing/credits", id: "getCredits", summary: "Get the balance.", answer: .json(.named("Credits"))
        ) { call in
            let used = credits == nil ? 0 : try await store.spentCredits(call.organisation)
            return .json([
                "remaining": .whole(credits.map { max(0, $0 - used) } ?? Self.unlimited), "expiring": 0,
                "used": .whole(used), "workspace_credits": .null, "workspace_credit_pool": .null,
            ])
        }
    }
}
