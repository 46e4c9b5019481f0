import Access
import Generations
public import WebInterface

extension LinkKind {
    /// A generation's whole video, to be watched.
    static let ownOutput = LinkKind("own-output", path: "/v1/generations/{id}/output")
    /// The same, to be saved.
    static let ownDownload = LinkKind("own-download", path: "/v1/generations/{id}/download")
    /// A generation's processed part.
    static let ownSegment = LinkKind("own-segment", path: "/v1/generations/{id}/segment")
    /// The sound that was made of a generation's text.
    static let ownSpeech = LinkKind("own-speech", path: "/v1/generations/{id}/speech")
    /// A picture of a generation's video.
    static let ownThumbnail = LinkKind("own-thumbnail", path: "/v1/generations/{id}/thumbnail")
    /// The measured report of a generation.
    static let ownReport = LinkKind("own-report", path: "/v1/reports/{id}")
    /// The same as a page.
    static let ownReportPage = LinkKind("own-report-page", path: "/v1/reports/{id}/page")

    /// The links to files of generations that a request for the link's path answers.
    static let generationFiles: [LinkKind] = [
        .ownOutput, .ownDownload, .ownSegment, .ownSpeech, .ownThumbnail, .ownReport,
    ]
}

extension LipsmithAPI {
    /// The links to what generations have made.
    public static let generationLinks: [FileLink] = [
        FileLink(.ownOutput) { try await file($0, in: $1) { .init($0.blob, "video/mp4") } },
        FileLink(.ownDownload) { try await file($0, in: $1, isSaved: true) { .init($0.blob, "video/mp4") } },
        FileLink(.ownSegment) { try await file($0, in: $1) { .init($0.segmentBlob, "video/mp4") } },
        FileLink(.ownSpeech) { try await file($0, in: $1) { .init($0.speechBlob, "audio/wav") } },
        FileLink(.ownThumbnail) { try await file($0, in: $1) { .init($0.thumbnailBlob, "image/jpeg") } },
        FileLink(.ownReport) { try await file($0, in: $1) { .init($0.reportBlob, "application/json") } },
        // A page is made when it is looked at.
        .sending(.ownReportPage),
    ]

    private struct Part {
        var blob: BlobKey?
        var type: String

        init(_ blob: BlobKey?, _ type: String) {
            self.blob = blob
            self.type = type
        }
    }

    private static func file(
        _ id: String, in store: any GenerationStore, isSaved: Bool = false, _ part: @Sendable (OutputFacts) -> Part
    ) async throws -> StoredFile? {
        guard let generation = try await store.anyGeneration(GenerationID(rawValue: id)),
            let part = generation.output.map(part), let blob = part.blob
        else { return nil }
        let name = generation.request.outputFileName ?? generation.id.rawValue
        return StoredFile(key: blob, contentType: part.type, downloadName: isSaved ? "\(name).mp4" : nil)
    }
}
