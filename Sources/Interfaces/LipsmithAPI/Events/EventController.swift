import Generations
import HTTP
import WebInterface

/// Streams of server-sent events.
struct EventController: Sendable {
    let generations: GenerationController
    let generationWatch: GenerationWatch
    let organisationWatch: OrganisationWatch

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/generations/{id}/events", id: "watchGeneration", tag: "Events",
                summary: "Server-sent events of a generation until it has ended: generation, preview.",
                answer: .media("text/event-stream", LipsmithSchemas.event)
            ) { call in
                let generation = try await generations.generation(call)
                return EventWriter.response(to: call) { [generationWatch] writer in
                    try await generationWatch.run(generation, base: call.base, &writer)
                }
            },
            Endpoint(
                .get, "/v1/events", id: "watchGenerations", tag: "Events",
                summary: "Server-sent events of all generations of the organisation.",
                answer: .media("text/event-stream", LipsmithSchemas.event)
            ) { call in
                EventWriter.response(to: call) { [organisationWatch] writer in
                    try await organisationWatch.run(call.organisation, &writer)
                }
            },
        ]
    }
}
