import Generations
import HTTP
import Synchronization
import Text
import WebInterface

/// A batch as it was sent: a file of lines in a form, or rows in JSON.
struct BatchBody: Sendable {
    /// One generation, and the line of the file or the place in the list where it stands, from 1.
    struct Row: Sendable {
        var line: Int
        var value: JSONValue
    }

    var rows: [Row]
    var webhookURL: String?
    var isDryRun: Bool

    static func read(_ request: HTTPRequest, limits: BatchLimits) async throws -> BatchBody {
        let type = request.headers["Content-Type"]?.lowercased() ?? ""
        if type.hasPrefix("multipart/form-data") { return try await readForm(request, limits: limits) }
        let bytes = try await request.body.collect(maximumBytes: limits.maximumByteCount)
        let body: JSONValue
        do { body = try JSONValue(parsing: bytes) } catch {
            throw SyncError(.batchInputInvalid, "The body is not JSON: \(error).")
        }
        guard let rows = body["rows"]?.array else {
            throw SyncError(.batchInputInvalid, "rows must be a list.", field: "rows")
        }
        var reader = FieldReader(body.object ?? [:], rules: .sync)
        let result = BatchBody(
            rows: rows.enumerated().map { Row(line: $0.offset + 1, value: $0.element) },
            webhookURL: reader.text(body["webhook_url"] ?? body["webhookUrl"], "webhook_url"),
            isDryRun: reader.flag(body["dry_run"] ?? body["dryRun"], "dry_run") ?? false)
        if let problem = reader.problems.first.map(FieldProblem.init) {
            throw SyncError(.generationInputValidationFailed, problem.message, field: problem.field)
        }
        return result
    }

    private static func readForm(_ request: HTTPRequest, limits: BatchLimits) async throws -> BatchBody {
        var formLimits = MultipartLimits()
        formLimits.maximumFileBytes = Int64(limits.maximumByteCount)
        formLimits.maximumFieldBytes = Int64(limits.maximumByteCount)
        let form = try await MultipartForm.read(
            request.body, contentType: request.headers["Content-Type"] ?? "", limits: formLimits
        ) { _ in MemorySink() }
        let file = form.files.first { $0.part.name == "input" }?.sink as? MemorySink
        guard let content = file?.bytes ?? form["input"].map({ Array($0.utf8) }) else {
            throw SyncError(.batchInputInvalid, "The form needs a file named input.", field: "input")
        }
        var rows: [Row] = []
        for (index, line) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        {
            let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
            guard let row = try? JSONValue(parsing: Array(text)), row.object != nil else {
                throw SyncError(
                    .batchInputInvalid, "Line \(index + 1) is not a JSON object.", field: "input",
                    parameters: ["lineNumber": .integer(Int64(index + 1))])
            }
            rows.append(Row(line: index + 1, value: row))
        }
        return BatchBody(
            rows: rows, webhookURL: form["webhook_url"].flatMap { $0.isEmpty ? nil : $0 },
            isDryRun: form["dry_run"]?.lowercased() == "true")
    }
}

/// Keeps a small file of a form in memory; the form's limits say how small.
private final class MemorySink: MultipartFileSink {
    private let content = Mutex<[UInt8]>([])

    var bytes: [UInt8] { content.withLock { $0 } }

    func write(_ bytes: ArraySlice<UInt8>) async throws { content.withLock { $0 += bytes } }
    func finish() async throws {}
    func discard() async { content.withLock { $0 = [] } }
}
