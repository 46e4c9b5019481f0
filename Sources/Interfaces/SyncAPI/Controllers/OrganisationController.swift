import Generations
import HTTP
import Text
import WebInterface

/// What an organisation may know of itself.
struct OrganisationController: Sendable {
    let store: any KeyStore

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v2/organizations/webhook/secret", id: "OrganizationsController_getWebhookSecret",
                tag: "Organizations", summary: "Get the secret with which webhooks are signed.",
                answer: .json(.object(["secret": .string], required: ["secret"]))
            ) { call in
                guard let organisation = try await store.organisation(call.organisation) else {
                    throw SyncError(.internalError, detail: "no organisation \(call.organisation)")
                }
                return .json(["secret": .string(organisation.webhookSecret)], headers: ["Cache-Control": "no-store"])
            }
        ]
    }
}
