import Generations
import HTTP

/// Credits: any number unless the operator counts them.
extension HedraAPI {
    /// What an organisation is shown to have where nobody counts.
    private static let unlimited = 1_000_000

    var billingRoutes: [Route] {
        [
            Route(method: .get, path: "/billing/credits") { call in
                let used = try await usedCredits(call.organisation)
                let remaining = settings.credits.map { max(0, $0 - used) } ?? Self.unlimited
                return .json([
                    "remaining": .integer(Int64(remaining)), "expiring": 0, "used": .integer(Int64(used)),
                    "workspace_credits": .null, "workspace_credit_pool": .null,
                ])
            }
        ]
    }

    /// The answer to an order that the balance does not cover. Failed jobs cost nothing.
    func creditRefusal(_ error: GenerationError, cost: Int) -> Refusal {
        Refusal(
            FailureClass(rawValue: settings.creditsErrorName),
            "The job costs \(cost) credits, and \(error.parameters["credits"]?.int ?? 0) are left.",
            suggestion: "Ask the operator for more credits.", status: 402)
    }

    private func usedCredits(_ organisation: OrganisationID) async throws -> Int {
        guard settings.credits != nil else { return 0 }
        return try await store.spentCredits(organisation)
    }
}
