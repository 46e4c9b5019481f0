import Foundation
import Generations
import HTTP
import Synchronization
import Text

/// What machines ask a server about itself: whether it lives, whether it may get work, and its numbers. No key is
/// needed, so nothing private is told.
struct OperatorRoutes: Sendable {
    let store: any JobStore
    let blobs: any BlobStore
    let metrics: Metrics
    let readiness: Readiness
    let storage: StorageGate
    /// What the newest comparison of the stored files with their digests has found.
    let newestScrub: @Sendable () -> ScrubOutcome?

    func register(on router: inout HTTPRouter) {
        let alive = HTTPResponse.json(bytes: Array(#"{"status":"ok"}"#.utf8))
        for path in ["/health", "/v2/health"] { router.on(.get, path) { _ in alive } }
        router.on(.get, "/ready") { _ in await ready() }
        router.on(.get, "/metrics") { _ in
            if let counts = try? await store.jobCounts() {
                metrics.set("lipsmith_jobs", [("state", "waiting")], to: Double(counts.waiting))
                metrics.set("lipsmith_jobs", [("state", "running")], to: Double(counts.running))
            }
            if let free = try? await blobs.freeByteCount() {
                metrics.set("lipsmith_storage_free_bytes", to: Double(free))
            }
            if let scrub = newestScrub() {
                metrics.set("lipsmith_storage_checked_files", to: Double(scrub.fileCount))
                metrics.set("lipsmith_storage_damaged_files", to: Double(scrub.damaged.count))
            }
            if let bytes = Self.residentBytes() { metrics.set("process_resident_memory_bytes", to: bytes) }
            return metrics.response()
        }
    }

    private func ready() async -> HTTPResponse {
        var problems: [String] = []
        if readiness.isDraining { problems.append("stopping") }
        if (try? await store.jobCounts()) == nil { problems.append("database") }
        if (try? await storage.isFull()) ?? true { problems.append("storage_full") }
        if let writer = try? await blobs.makeWriter() { await writer.discard() } else { problems.append("storage") }
        var body: [String: JSONValue] = ["status": problems.isEmpty ? "ready" : "unavailable"]
        if !problems.isEmpty { body["problems"] = .array(problems.map(JSONValue.string)) }
        if !readiness.warnings.isEmpty { body["warnings"] = .array(readiness.warnings.map(JSONValue.string)) }
        return .json(bytes: JSONValue.object(body).utf8, status: problems.isEmpty ? .ok : .serviceUnavailable)
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
    /// What is less safe than it could be, by stable names.
    let warnings: [String]

    init(warnings: [String]) { self.warnings = warnings }

    var isDraining: Bool { draining.withLock { $0 } }

    func drain() { draining.withLock { $0 = true } }
}
