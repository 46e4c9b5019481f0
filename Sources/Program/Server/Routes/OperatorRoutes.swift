import Foundation
import Generations
import HTTP
import Synchronization
import Text
import Time

/// What machines ask a server about itself: whether it lives, whether it may get work, and its numbers. No key is
/// needed, so nothing private is told.
struct OperatorRoutes: Sendable {
    let store: any DivisionStore & JobStore & OutboxStore
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
            metrics.set("lipsmith_ready", to: await problems().isEmpty ? 1 : 0)
            if let counts = try? await store.jobCounts() {
                metrics.set("lipsmith_jobs", [("state", "waiting")], to: Double(counts.waiting))
                metrics.set("lipsmith_jobs", [("state", "running")], to: Double(counts.running))
            }
            if let counts = try? await store.partCounts() {
                metrics.set("lipsmith_job_parts", [("state", "waiting")], to: Double(counts.waiting))
                metrics.set("lipsmith_job_parts", [("state", "running")], to: Double(counts.running))
            }
            if let age = try? await seconds(since: store.nextJobDue()) {
                metrics.set("lipsmith_oldest_waiting_job_seconds", to: age)
            }
            if let age = try? await seconds(since: store.nextDeliveryDue()) {
                metrics.set("lipsmith_oldest_due_webhook_seconds", to: age)
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

    /// What keeps the server from work, by stable names.
    private func problems() async -> [String] {
        var problems: [String] = []
        if readiness.isDraining { problems.append("stopping") }
        if (try? await store.jobCounts()) == nil { problems.append("database") }
        if (try? await storage.isFull()) ?? true { problems.append("storage_full") }
        if await !storageAnswers() { problems.append("storage") }
        return problems
    }

    /// Whether media can be stored, as far as that can be told without storing any: a folder takes a new file, a bucket says
    /// whether it has one.
    private func storageAnswers() async -> Bool {
        do {
            try await blobs.makeWriter().discard()
            _ = try await blobs.facts(of: BlobKey(rawValue: "ready"))
            return true
        } catch {
            return false
        }
    }

    /// For how long something has been due in the store's time; 0 where it is due later, or nothing is.
    private func seconds(since due: Timestamp?) -> Double {
        guard let due else { return 0 }
        return Double(max(0, store.steadyTime.milliseconds - due.milliseconds)) / 1000
    }

    private func ready() async -> HTTPResponse {
        let problems = await problems()
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
