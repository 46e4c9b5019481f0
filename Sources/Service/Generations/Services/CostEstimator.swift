/// Says what a generation would cost, from its media.
public struct CostEstimator: Sendable {
    private let intake: GenerationIntake
    private let inspector: any MediaInspector
    private let prices: PriceList

    public init(intake: GenerationIntake, inspector: any MediaInspector, prices: PriceList) {
        self.intake = intake
        self.inspector = inspector
        self.prices = prices
    }

    /// What the output of a request would cost. Nothing is stored.
    ///
    /// - Throws: `GenerationError` about an input that does not exist or cannot be read.
    public func estimate(_ request: GenerationRequest, organisation: OrganisationID) async throws -> CostEstimate {
        try await intake.check(request, organisation: organisation)
        var video: MediaFacts?
        var voices: [Int: Double] = [:]
        for (index, input) in request.inputs.enumerated() {
            if case .script(let speech) = input.source {
                voices[index] = SpeakableText.seconds(of: speech.script)
                continue
            }
            let facts = try await inspector.facts(
                of: input, field: .inputAddress(index), organisation: organisation)
            if input.role == .voice { voices[index] = facts.durationSeconds ?? 0 } else { video = facts }
        }
        let isPicture = video?.kind == .image
        let rate = video?.framesPerSecond ?? 25
        let seconds = request.lipSync?.outputSeconds(
            video: isPicture ? nil : video?.durationSeconds, voices: voices, framesPerSecond: rate)
        return CostEstimate(
            outputSeconds: seconds ?? 0, framesPerSecond: rate, ratePerFrame: prices.rate(of: request.model))
    }
}
