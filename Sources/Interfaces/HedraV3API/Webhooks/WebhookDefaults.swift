import Generations
import WebInterface

/// Where organisations are told of jobs that name no webhook of their own.
struct WebhookDefaults: Sendable {
    let store: any AccountStore

    /// The address, where one is set and not switched off.
    func url(of organisation: OrganisationID) async throws -> String? {
        guard let value = try await store.webhookDefault(of: organisation), value.isEnabled else { return nil }
        return value.url
    }
}
