import HTTP
import Text

/// Follows a generation of a server to its end.
struct RemoteWatch: Sendable {
    private static let interval = Duration.seconds(1)

    let server: RemoteServer
    let events: RemoteEvents

    /// The generation once it has been made.
    ///
    /// - Throws: `CommandFailure` with what the server says where it was not.
    func end(of id: String) async throws -> JSONValue {
        while true {
            let generation = try await server.send(.get, "/v1/generations/\(id)", repeats: true)
            switch generation["status"]?.text {
            case "completed":
                events.clear()
                events.event("result", ["generation": generation])
                let seconds = generation["output"]?["durationSeconds"]?.serialized ?? "?"
                events.tell("Made \(id): \(seconds) s of video.")
                return generation
            case "failed", "rejected":
                let error = generation["error"] ?? .null
                throw CommandFailure(
                    code: error["code"]?.text ?? "unknown-failure",
                    message: error["message"]?.text ?? "The video was not made.",
                    suggestion: error["suggestion"]?.text ?? "")
            default: events.progress(generation)
            }
            try await Task.sleep(for: Self.interval)
        }
    }
}
