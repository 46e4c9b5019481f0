import Generations
import Text
import Time
import WebInterface

extension JobEvent {
    /// The line as the contract shows it.
    var v3JSON: JSONValue {
        let (event, level, source, message): (String, String, String, String) =
            switch kind {
            case .queued: ("queued", "info", "api", "The job was accepted.")
            case .started: ("started", "info", "worker", "A worker has begun.")
            case .recovered: ("recovered", "info", "worker", "Another worker has begun.")
            case .retryScheduled: ("retry.scheduled", "warning", "worker", "The attempt has ended; another will begin.")
            case .progress: ("progress", "info", "worker", "\(Int((progress * 100).rounded())) % are done.")
            case .finalizing: ("finalizing", "info", "worker", "The output is being stored.")
            case .completed: ("completed", "info", "worker", "The job is done.")
            case .failed: ("failed", "error", "worker", "The job has failed.")
            }
        return [
            "id": .whole(number), "timestamp": .string(at.iso8601), "level": .string(level), "event": .string(event),
            "message": .string(message), "source": .string(source),
            "data": kind == .progress ? ["progress": .number(progress)] : [:],
        ]
    }
}
