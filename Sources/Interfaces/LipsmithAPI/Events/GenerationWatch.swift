import Generations
import Text
import WebInterface

/// Tells of the changes of one generation until it has ended. Holds no thread while it waits.
struct GenerationWatch: Sendable {
    /// How often the store is asked all the same, since another process may have made the change.
    private static let longestSilence = Duration.seconds(2)
    /// How often what is known of a running render is looked at.
    private static let renderInterval = Duration.milliseconds(500)

    let store: any GenerationStore
    let signal: ChangeSignal
    let live: LiveRenders
    let views: GenerationViews

    /// Writes an event for each change: of a generation as it stood when the stream began, the first one.
    func run(_ first: Generation, base: String, _ writer: inout EventWriter) async throws {
        let (id, organisation) = (first.id, first.organisation)
        let observation = signal.observe(.generation(id))
        defer { observation.cancel() }
        let input = try await views.inputs(of: [first], base: base)[id] ?? .null
        var shown: JSONValue?
        var pictureCount = 0
        var readAt: ContinuousClock.Instant?
        var generation = first
        while true {
            if readAt.map({ ContinuousClock.now - $0 >= Self.longestSilence }) ?? true {
                // Somebody may delete it meanwhile.
                guard let current = try await store.generation(id, organisation: organisation) else { return }
                generation = current
                readAt = .now
            }
            let view = try await views.json(generation, input: input, base: base)
            if view != shown {
                try await writer.event("generation", view)
                shown = view
            }
            if generation.status.isTerminal || signal.isEnded { return }
            let render = live.render(id)
            // Another attempt counts from the beginning again.
            if let render, render.previewCount < pictureCount { pictureCount = 0 }
            if let render, render.previewCount > pictureCount {
                pictureCount = render.previewCount
                try await writer.event(
                    "preview", ["id": .string(id.rawValue), "number": .whole(render.previewCount)])
            }
            try await writer.keepAlive()
            let pause = render == nil ? Self.longestSilence : Self.renderInterval
            if await observation.wait(atMost: min(pause, writer.untilHeartbeat)) { readAt = nil }
            try Task.checkCancellation()
        }
    }
}
