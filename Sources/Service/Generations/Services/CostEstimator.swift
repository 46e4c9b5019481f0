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
        let output = try await output(of: request, organisation: organisation)
        return CostEstimate(
            outputSeconds: output.seconds, framesPerSecond: output.framesPerSecond,
            ratePerFrame: prices.rate(of: request.model))
    }

    /// What a video will be, as far as its media and the length of its text tell.
    public struct Output: Hashable, Sendable {
        /// Its length.
        public let seconds: Double
        public let framesPerSecond: Double
        /// What its pictures are like.
        public let frames: RenderedFrames
    }

    /// How long a request's output will be. Nothing is stored.
    ///
    /// - Throws: `GenerationError` about an input that does not exist, cannot be read or is beyond a limit.
    public func output(of request: GenerationRequest, organisation: OrganisationID) async throws -> Output {
        try await intake.check(request, organisation: organisation)
        var video: MediaFacts?
        var voices: [Int: Double] = [:]
        for (index, input) in request.inputs.enumerated() {
            if case .script(let speech) = input.source {
                voices[index] = SpeakableText.seconds(of: speech.script) / speech.speed
                continue
            }
            let facts = try await inspector.facts(
                of: input, field: .inputAddress(index), organisation: organisation)
            try intake.check(facts, of: request, field: .inputAddress(index))
            if input.role == .voice { voices[index] = facts.durationSeconds ?? 0 } else { video = facts }
        }
        let isPicture = video?.kind == .image
        let rate = video?.framesPerSecond ?? 25
        let seconds =
            if let order = request.lipSync {
                order.outputSeconds(
                    video: isPicture ? nil : video?.durationSeconds, voices: voices, framesPerSecond: rate)
            } else {
                request.animation?.parameters.durationMilliseconds.map { Double($0) / 1000 } ?? voices.values.max() ?? 0
            }
        var frames = RenderedFrames.ofStill
        if let video, !isPicture, let width = video.width, let height = video.height {
            frames = RenderedFrames(framesPerSecond: rate, width: width, height: height)
        }
        return Output(seconds: seconds, framesPerSecond: rate, frames: frames)
    }
}
