import Generations
import Text
import Time
import WebInterface

/// Makes generations of bodies, with everything looked up that they name.
struct OrderFactory: Sendable {
    let store: any AssetStore & ProjectStore
    let voices: OrganisationVoices
    let inspector: any MediaInspector
    let clock: any WallClock

    /// A checked generation of a body, not stored yet.
    ///
    /// - Throws: `GenerationError` about what the body names.
    func generation(of body: OrderBody, _ call: Call) async throws -> Generation {
        let project = try await ReferenceCheck.project(body.project, organisation: call.organisation, in: store)
        var inputs = body.inputs
        for index in inputs.indices {
            guard case .script(var speech) = inputs[index].source else { continue }
            let voice = try await voice(speech.voiceID, call.organisation)
            (speech.provider, speech.voiceID) = (voice.provider, voice.id)
            inputs[index].source = .script(speech)
        }
        let assets = try await ReferenceCheck.assets(of: inputs, organisation: call.organisation, in: store)
        return Generation(
            organisation: call.organisation, project: project, source: GenerationSource.own,
            request: GenerationRequest(
                model: body.model.name, order: try await order(body, inputs, assets, call.organisation),
                outputFileName: body.name.flatMap(OutputFileName.sanitized), webhookURL: body.webhookURL,
                title: body.name,
                echo: [Self.echoKey: body.sent, PublicAddress.orderKey: .string(call.base)]),
            createdAt: clock.now)
    }

    /// Where a generation's request keeps the body as it was sent.
    static let echoKey = "own"

    private func voice(_ id: String, _ organisation: OrganisationID) async throws -> Voice {
        guard let provider = voices.provider, await provider.capabilities.speaks else {
            throw GenerationError(.notOfferedHere, "This installation speaks no text.", field: .named("text"))
        }
        return try await voices.voice(id, organisation: organisation)
    }

    private func order(
        _ body: OrderBody, _ inputs: [MediaInput], _ assets: [Int: Asset], _ organisation: OrganisationID
    ) async throws -> Order {
        guard body.model.model.capabilities.contains(.photoAnimation) else {
            var options = body.options.generationOptions
            // Each part has a speaker of its own.
            if !body.segments.isEmpty { options.speaker = nil }
            return .lipSync(LipSyncOrder(inputs: inputs, options: options, segments: body.segments))
        }
        let target = try await target(body, inputs[0], assets[0], organisation)
        return .animation(AnimationOrder(inputs: inputs, parameters: body.options.animationParameters(target: target)))
    }

    /// The speaker's point in shares of the picture; nil for the largest face.
    private func target(
        _ body: OrderBody, _ input: MediaInput, _ asset: Asset?, _ organisation: OrganisationID
    ) async throws -> [Double]? {
        guard case .point(_, let x, let y)? = body.options.speaker else { return nil }
        var size = (width: asset?.width, height: asset?.height)
        if size.width == nil || size.height == nil {
            let facts = try await inspector.facts(of: input, field: .inputAddress(0), organisation: organisation)
            size = (facts.width, facts.height)
        }
        guard let width = size.width, let height = size.height, width > 0, height > 0 else {
            throw GenerationError(.mediaFactsMissing, field: .inputAddress(0))
        }
        guard x <= Double(width), y <= Double(height) else {
            throw GenerationError(
                .requestInvalid, "options.speaker lies outside of the picture of \(width) × \(height) pixels.",
                suggestion: "Name a pixel inside the face.", field: .named("options.speaker"))
        }
        return [x / Double(width), y / Double(height)]
    }
}

extension GenerationError {
    /// The same error with the place that an order of this interface has for it. What belongs to somebody else is as unknown
    /// as what does not exist.
    func placed(in order: OrderBody) -> GenerationError {
        let error = code == .assetForeign ? GenerationError(.assetNotFound, field: field) : self
        guard let field else { return error }
        switch field {
        case .inputAddress(let index): return GenerationError(error, field: .named(order.place(index) + ".url"))
        case .inputAsset(let index): return GenerationError(error, field: .named(order.place(index) + ".asset"))
        default: return error
        }
    }
}

extension OrderBody {
    /// What the body calls an input.
    fileprivate func place(_ index: Int) -> String {
        inputs.indices.contains(index) ? inputs[index].kind.rawValue : "order"
    }
}
