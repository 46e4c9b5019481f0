import Generations
import HTTP
import SyncAPI
import Text
import Time
import WebInterface

/// What the published interfaces have no words for, under paths of our own. The same keys open them.
struct ControlController: Sendable {
    let store: any JobStore
    let signal: ChangeSignal
    let clock: any WallClock

    var endpoint: Endpoint {
        Endpoint(
            .post, "/v1/generations/{id}/cancel", id: "cancelGeneration", tag: "Generations",
            summary: "End a generation whose video nobody wants any more.",
            answer: .json(
                .object([
                    "id": .uuid, "status": .string, "error": .string, "errorCode": .string, "finishedAt": .time,
                ]))
        ) { call in
            guard let id = GenerationID(parsing: call.parameter()) else { throw GenerationError(.generationIDInvalid) }
            let ended = try await GenerationCancellation(store: store, signal: signal, clock: clock)
                .cancel(id, organisation: call.organisation)
            return .json([
                "id": .string(ended.id.rawValue), "status": "FAILED",
                "error": .string(FailureCode.cancelled.message),
                "errorCode": .string(SyncCode.generationCancelled.rawValue), "finishedAt": .time(ended.finishedAt),
            ])
        }
    }
}
