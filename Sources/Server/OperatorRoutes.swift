import Foundation
import Generations
import HTTP
import Synchronization

/// What machines ask a server about itself: whether it lives, whether it may get work, and its numbers. No key is
/// needed, so nothing private is told.
struct OperatorRoutes: Sendable {
    let store: any Store
    let blobs: any BlobStore
    let metrics: Metrics
    let readiness: Readiness

    func register(on router: inout HTTPRouter) {
        let alive = HTTPResponse.json(bytes: Array(#"{"status":"ok"}"#.utf8))
        for path in ["/health", "/v2/health"] { router.on(.get, path) { _ in alive } }
        router.on(.get, "/ready") { _ in await ready() }
        router.on(.get, "/metrics") { _ in
            if let counts = try? await store.jobCounts() {
                metrics.set("lipsmith_jobs", [("state", "waiting")], to: Double(counts.waiting))
                metrics.set("lipsmith_jobs", [("state", "running")], to: Double(counts.running))
            }
            if let bytes = Self.residentBytes() { metrics.set("process_resident_memory_bytes", to: bytes) }
            return metrics.response()
        }
    }

    private func ready() async -> HTTPResponse {
        var problems: [String] = []
        if readiness.isDraining { problems.append("stopping") }
        if (try? await store.jobCounts()) == nil { problems.append("database") }
        if let writer = try? await blobs.makeWriter() { await writer.discard() } else { problems.append("storage") }
        let body: JSONValue =
            problems.isEmpty
            ? ["status": "ready"]
            : ["status": "unavailable", "problems": .array(problems.map(JSONValue.string))]
        return .json(bytes: body.utf8, status: problems.isEmpty ? .ok : .serviceUnavailable)
    }

    private static func residentBytes() -> Double? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
        else { return nil }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }
}

/// Whether the server still takes work.
final class Readiness: Sendable {
    private let draining = Mutex(false)

    var isDraining: Bool { draining.withLock { $0 } }

    func drain() { draining.withLock { $0 = true } }
}
