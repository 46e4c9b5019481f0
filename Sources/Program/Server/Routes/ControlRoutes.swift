import Gateway
import Generations
import HTTP
import SyncAPI

/// Routes of our own, for what the published interfaces have no words for. The same keys open them.
struct ControlRoutes: Sendable {
    let store: any Store
    let signal: ChangeSignal
    let authenticator: Authenticator
    let limiter: RateLimiter
    let clock: any WallClock

    func register(on router: inout HTTPRouter) {
        router.on(.post, "/v1/generations/{id}/cancel") { request in
            do { return try await cancel(request) } catch {
                throw SyncAPI.refusal(error, requestID: request.id)
            }
        }
    }

    private func cancel(_ request: HTTPRequest) async throws -> HTTPResponse {
        let caller = try await authenticator.caller(of: request)
        try limiter.check(caller.key)
        guard let id = GenerationID(parsing: request.parameters["id"] ?? "") else {
            throw GenerationError(.invalidGenerationId)
        }
        let ended = try await Cancellation(store: store, signal: signal, clock: clock)
            .cancel(id, organisation: caller.organisation)
        return .json(
            bytes: JSONValue.object([
                "id": .string(ended.id.rawValue), "status": "FAILED",
                "error": .string(ErrorCode.generationCancelled.entry.message),
                "errorCode": .string(ErrorCode.generationCancelled.rawValue),
                "finishedAt": ended.finishedAt.map { .string($0.iso8601) } ?? .null,
            ]).utf8)
    }
}
