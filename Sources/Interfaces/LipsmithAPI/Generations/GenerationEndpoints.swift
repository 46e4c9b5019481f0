import Generations
import Text
import WebInterface

/// The endpoints about generations, their events and the lists around them, put together.
struct GenerationEndpoints: Sendable {
    let services: InterfaceServices
    let settings: LipsmithSettings
    let views: GenerationViews
    let pace: RenderPace
    /// What `GET /v1/choices` says of the sample portrait.
    let sample: JSONValue

    var endpoints: [Endpoint] {
        let (store, clock, voices) = (services.store, services.clock, services.voices)
        let generations = GenerationController(
            store: store, files: services.files, live: services.live, views: views,
            deletion: GenerationDeletion(store: store, blobs: services.blobs))
        let orders = OrderController(
            intake: services.intake,
            factory: OrderFactory(store: store, voices: voices, inspector: services.inspector, clock: clock),
            estimator: CostEstimator(intake: services.intake, inspector: services.inspector, prices: PriceList()),
            pace: pace, replays: IdempotentReplays(store: store, clock: clock), views: views,
            settings: settings)
        let events = EventController(
            generations: generations,
            generationWatch: GenerationWatch(
                store: store, signal: services.signal, live: services.live, views: views),
            organisationWatch: OrganisationWatch(
                store: store, signal: services.signal, snapshots: OrganisationSnapshots(store: store)))
        let choices = ChoicesController(
            voices: voices, hasSampler: services.cloning.hasSampler, sample: sample)
        return [orders.endpoint] + generations.endpoints
            + ReportController(
                store: store, blobs: services.blobs, files: services.files, generations: generations
            ).endpoints
            + events.endpoints + [choices.endpoint]
            + VoiceController(voices: voices, cloning: services.cloning).endpoints
            + ProjectController(store: store, clock: clock).endpoints
    }
}
