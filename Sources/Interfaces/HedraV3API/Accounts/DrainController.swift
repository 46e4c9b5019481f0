import Generations
import HTTP
import Text
import WebInterface

/// Where logs are sent on to: nowhere, since this server does not send them; the log of each job is read here.
struct DrainController: Sendable {
    private static let scope = "log_drains:manage"

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/log-drains", id: "listLogDrains", tag: "Logs", summary: "None; this server has no log drains.",
                answer: .json(.named("EmptyList")), scope: Self.scope
            ) { _ in .json(["data": [], "next_cursor": .null]) },
            Endpoint(
                .post, "/log-drains", tag: "Logs", summary: "Refused.", scope: Self.scope
            ) { _ in
                throw V3Refusal(
                    .failedPrecondition,
                    "This server sends no logs on; read them with GET /v3/jobs/{job_id}/logs or the job's stream.")
            },
        ]
            + [(HTTPMethod.get, ""), (.patch, ""), (.delete, ""), (.post, "/test")].map { method, rest in
                Endpoint(
                    method, "/log-drains/{id}" + rest, tag: "Logs", summary: "Not found.",
                    idSchema: .string, scope: Self.scope
                ) { _ in throw V3Refusal.notFound("There is no log drain of that id.") }
            }
    }
}
