import Generations
import HTTP

/// Credits: any number unless the operator counts them.
extension HedraAPI {
    /// What an organisation is shown to have where nobody counts.
    private static let unlimited = 1_000_000
    /// The label that keeps what a generation costs.
    static let creditsLabel = "credits"

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

    /// Refuses what the balance does not cover. Failed jobs cost nothing.
    func checkCredits(_ cost: Int, organisation: OrganisationID) async throws {
        guard let credits = settings.credits else { return }
        let available = max(0, credits - (try await usedCredits(organisation)))
        guard cost <= available else {
            throw Refusal(
                FailureClass(rawValue: settings.creditsErrorName),
                "The job costs \(cost) credits, and \(available) are left.",
                suggestion: "Ask the operator for more credits.", status: 402)
        }
    }

    private func usedCredits(_ organisation: OrganisationID) async throws -> Int {
        guard settings.credits != nil else { return 0 }
        let total = try await store.total(
            ofLabel: Self.creditsLabel,
            GenerationFilter(
                organisation: organisation, statuses: [.pending, .processing, .finalizing, .completed],
                sources: [Self.source]))
        return Int(total.rounded())
    }
}
