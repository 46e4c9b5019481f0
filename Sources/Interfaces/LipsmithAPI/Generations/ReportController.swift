import Access
import Generations
import HTTP
import Reports
import Text
import WebInterface

/// The measured reports of generations, as JSON and as pages; with a key, and by links that open without one.
struct ReportController: Sendable {
    /// Reports have pictures and curves in them; a larger file is none. In bytes.
    private static let byteLimit = 64 << 20

    let store: any GenerationStore
    let blobs: any BlobStore
    let files: LinkedFiles
    let generations: GenerationController

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/generations/{id}/report", id: "getReport", tag: "Generations",
                summary: "Get the measured report of a generation.", answer: .json(.object)
            ) { call in
                let generation = try await generations.generation(call)
                // A browser asks again each time, so that it shows nothing to whoever has signed out.
                let file = StoredFile(
                    key: try report(of: generation), contentType: "application/json", mayChange: true)
                guard let response = try await file.response(to: call.request, from: blobs) else {
                    throw RequestError.fileGone
                }
                return response
            },
            Endpoint(
                .get, "/v1/generations/{id}/report.html", id: "getReportPage", tag: "Generations",
                summary: "Get the measured report of a generation as a page that needs nothing else.",
                answer: .media("text/html; charset=utf-8", .string)
            ) { call in try await page(of: try await generations.generation(call)) },
            Endpoint(.get, LinkKind.ownReportPage.path, callers: .anybody) { call in
                let id: GenerationID = try call.id(.generationNotFound)
                try files.check(.ownReportPage, id, call)
                guard let generation = try await store.anyGeneration(id) else {
                    throw GenerationError(.generationNotFound)
                }
                return try await page(of: generation)
            },
        ]
    }

    private func report(of generation: Generation) throws -> BlobKey {
        guard let blob = generation.output?.reportBlob else {
            throw LipsmithRefusal(
                .notFound, "report-missing", "This generation has no report.",
                suggestion: "Reports are made with videos; older ones have none.")
        }
        return blob
    }

    private func page(of generation: Generation) async throws -> HTTPResponse {
        guard let reader = try await blobs.reader(for: try report(of: generation)),
            reader.facts.byteCount <= Int64(Self.byteLimit)
        else { throw RequestError.fileGone }
        let report = try await reader.read(offset: 0, maximumCount: Int(reader.facts.byteCount))
        return HTTPResponse(
            .ok,
            headers: [
                "Content-Type": "text/html; charset=utf-8", "Cache-Control": "private, no-cache",
                "Content-Security-Policy": ReportPage.contentSecurityPolicy, "X-Content-Type-Options": "nosniff",
            ],
            bytes: ReportPage.html(report: report, title: generation.shownName ?? generation.id.rawValue))
    }
}
