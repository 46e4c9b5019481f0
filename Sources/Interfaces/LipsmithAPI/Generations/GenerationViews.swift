import Access
import Generations
import Text
import Time
import WebInterface

/// Generations as this interface shows them, whichever interface they came by.
struct GenerationViews: Sendable {
    /// The most inputs that are looked up at once.
    private static let inputLimit = 200

    let store: any AssetStore
    let live: LiveRenders
    let history: JobHistory
    let links: SignedLinks

    /// One generation.
    ///
    /// - Parameter base: The beginning of addresses in the answer.
    func json(_ generation: Generation, base: String) async throws -> JSONValue {
        try await json([generation], base: base)[0]
    }

    /// Several generations.
    func json(_ generations: [Generation], base: String) async throws -> [JSONValue] {
        let inputs = try await inputs(of: generations, base: base)
        var views: [JSONValue] = []
        for generation in generations {
            views.append(try await json(generation, input: inputs[generation.id] ?? .null, base: base))
        }
        return views
    }

    /// One generation whose input is known.
    func json(_ generation: Generation, input: JSONValue, base: String) async throws -> JSONValue {
        let render = generation.status.isTerminal ? nil : live.render(generation.id)
        var secondsLeft = render?.secondsLeft.map { Int($0.rounded(.up)) }
        if secondsLeft == nil { secondsLeft = try await history.secondsLeft(generation) }
        let (request, hasReport) = (generation.request, generation.output?.reportBlob != nil)
        return [
            "id": .string(generation.id.rawValue), "status": .string(generation.status.rawValue),
            "progress": .number(Self.progress(generation.progress, generation.status)),
            "stage": .text(Self.stage(of: generation, render)),
            "framesPerSecond": .decimal(render?.framesPerSecond), "secondsLeft": .whole(secondsLeft),
            "hasPreview": .bool(render?.preview != nil), "createdAt": .time(generation.createdAt),
            "startedAt": .time(generation.startedAt), "finishedAt": .time(generation.finishedAt),
            "model": .string(request.model), "name": .text(generation.shownName),
            "project": .text(generation.project?.rawValue), "source": .string(generation.source),
            "order": request.echo[OrderFactory.echoKey] ?? .null, "input": input,
            "output": generation.output.map { output($0, of: generation, base: base) } ?? .null,
            "error": generation.failure.map(Self.error) ?? .null,
            "reportUrl": hasReport ? .string(links.url(.ownReport, generation.id, base: base)) : .null,
            "reportPageUrl": hasReport ? .string(links.url(.ownReportPage, generation.id, base: base)) : .null,
        ]
    }

    /// How far a generation is, 0 to 1.
    static func progress(_ share: Double, _ status: GenerationStatus) -> Double {
        status == .completed ? 1 : min(max(share, 0), 1)
    }

    /// What is being done; nil where nothing is, or where another process does it.
    private static func stage(of generation: Generation, _ render: LiveRender?) -> String? {
        switch generation.status {
        case .pending: "queued"
        case .processing: render?.stage.rawValue
        case .finalizing: LiveRender.Stage.storing.rawValue
        case .completed, .failed, .rejected: nil
        }
    }

    private func output(_ facts: OutputFacts, of generation: Generation, base: String) -> JSONValue {
        func link(_ kind: LinkKind, _ blob: BlobKey?) -> JSONValue {
            blob == nil ? .null : .string(links.url(kind, generation.id, base: base))
        }
        return [
            "url": link(.ownOutput, facts.blob), "downloadUrl": link(.ownDownload, facts.blob),
            "segmentUrl": link(.ownSegment, facts.segmentBlob), "speechUrl": link(.ownSpeech, facts.speechBlob),
            "thumbnailUrl": link(.ownThumbnail, facts.thumbnailBlob),
            "durationSeconds": .seconds(facts.durationSeconds), "width": .whole(facts.width),
            "height": .whole(facts.height), "byteCount": .integer(facts.byteCount),
            "frameCount": .whole(facts.frameCount),
        ]
    }

    private static func error(_ failure: FailureFacts) -> JSONValue {
        [
            "code": .string(failure.code.rawValue), "message": .string(failure.message),
            "suggestion": .string(failure.code.suggestion),
        ]
    }

    /// The media whose mouths are changed; a generation whose asset was deleted has none.
    func inputs(of generations: [Generation], base: String) async throws -> [GenerationID: JSONValue] {
        var assets: [AssetID: Asset] = [:]
        for (organisation, own) in Dictionary(grouping: generations, by: \.organisation) {
            let named = Set(own.compactMap { $0.visual?.source.asset })
            guard !named.isEmpty else { continue }
            let page = try await store.assets(
                AssetFilter(organisation: organisation, ids: named), sort: .dateDesc, after: nil,
                limit: Self.inputLimit)
            for asset in page.items { assets[asset.id] = asset }
        }
        var views: [GenerationID: JSONValue] = [:]
        for generation in generations {
            guard let input = generation.visual else { continue }
            let url: String?
            switch input.source {
            case .url(let address): url = address
            case .asset(let id):
                url = assets[id].flatMap { asset in
                    asset.blob == nil ? asset.remoteURL : links.url(.ownAsset, id, base: base)
                }
            case .script: url = nil
            }
            if let url { views[generation.id] = ["kind": .string(input.kind.rawValue), "url": .string(url)] }
        }
        return views
    }
}

extension Generation {
    /// What people call it; nil where it has no name.
    var shownName: String? { request.title ?? request.outputFileName }

    /// The medium whose mouth is changed.
    fileprivate var visual: MediaInput? {
        request.inputs.first { $0.role == .visual } ?? request.inputs.first { $0.role == .reference }
    }
}

extension InputSource {
    fileprivate var asset: AssetID? { if case .asset(let id) = self { id } else { nil } }
}
