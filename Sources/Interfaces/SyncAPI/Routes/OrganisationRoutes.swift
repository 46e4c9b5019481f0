import Generations
import HTTP

extension SyncAPI {
    var organisationEndpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v2/organizations/webhook/secret",
                Operation(
                    id: "OrganizationsController_getWebhookSecret", tag: "Organizations",
                    summary: "Get the secret with which webhooks are signed.",
                    content: .json(.object(["secret": .string], required: ["secret"])))
            ) { call in
                guard let organisation = try await store.organisation(call.organisation) else {
                    throw GenerationError(.internalError, detail: "no organisation \(call.organisation)")
                }
                return .json(["secret": .string(organisation.webhookSecret)], headers: ["Cache-Control": "no-store"])
            }
        ]
    }
}
