public import Generations

/// Checks everything about a request that needs neither media nor stored things, in the contract's order, and reports
/// the first step that fails: form (all its problems at once), model, number of inputs, translation, segments, speaker.
public struct RequestValidator: Sendable {
    /// What the installation offers.
    public let rules: ValidationRules

    public init(rules: ValidationRules = ValidationRules()) { self.rules = rules }

    /// The request that `draft` says.
    public func validate(_ draft: RequestDraft) throws(SyncError) -> GenerationRequest {
        let form = try FormCheck.check(draft, rules: rules)
        let model = try model(of: draft)
        try checkInputCount(draft, form: form, model: model)
        if draft.dub != nil, rules.refusesVoiceBesideDub,
            let index = form.inputs.firstIndex(where: { $0.role == .voice })
        {
            throw SyncError(.generationInputDubAudioConflict, field: "input[\(index)]")
        }
        var segments = try SegmentCheck.check(draft, inputs: form.inputs, options: form.segmentOptions)
        let hasPicture = form.inputs.contains { $0.kind == .image }
        var options = form.options
        options.speaker = try draft.options.speaker.flatMap { speaker throws(SyncError) in
            try SpeakerCheck.check(speaker, field: "options.active_speaker_detection", hasPicture: hasPicture)
        }
        // Legacy segments bring no drafts of their own.
        for (index, segment) in (draft.segments ?? []).enumerated() {
            guard let speaker = segment.options.speaker else { continue }
            segments[index].options.speaker = try SpeakerCheck.check(
                speaker, field: "segments[\(index)].optionsOverride.active_speaker_detection", hasPicture: hasPicture)
        }
        // Film shows what it shows; only a picture can be told how to move.
        let description = hasPicture ? draft.options.pictureDescription ?? "" : ""
        let inputs = draft.dub == nil ? form.inputs : form.inputs.filter { $0.role != .voice }
        let request = GenerationRequest(
            model: model.name,
            order: .lipSync(
                LipSyncOrder(
                    inputs: inputs, options: options, segments: segments.sorted { $0.precedes($1) }, dub: form.dub,
                    animation: description.isEmpty ? nil : AnimationParameters(prompt: description))),
            outputFileName: draft.outputFileName.flatMap(OutputFileName.sanitized),
            webhookURL: draft.webhookURL, metadata: draft.metadata, echo: draft.echo)
        try checkFeatures(request, model: model)
        return request
    }

    /// The text to be spoken alone that `draft` says.
    ///
    /// - Parameter problems: What was already found wrong while decoding.
    public func validate(
        _ draft: SpeechDraft, problems: [FieldProblem] = []
    ) throws(SyncError) -> SpeechRequest {
        let request = try FormCheck.check(draft, problems: problems, rules: rules)
        guard rules.features.contains(.speech) else {
            throw SyncError(.planFeatureUnavailable, "This installation speaks no text.", status: 422)
        }
        return request
    }

    private func model(of draft: RequestDraft) throws(SyncError) -> Model {
        guard let name = draft.model, let model = rules.models.model(named: name), model.capabilities.contains(.video)
        else {
            throw SyncError(.generationUnsupportedModel, field: "model")
        }
        return model
    }

    private func checkInputCount(
        _ draft: RequestDraft, form: FormCheck.Result, model: Model
    ) throws(SyncError) {
        let visuals = form.inputs.indices.filter { form.inputs[$0].role == .visual }
        let voiceCount = form.inputs.count - visuals.count
        guard let visual = visuals.first else {
            throw invalid("input", "needs one video or one image.")
        }
        if visuals.count > 1 {
            throw SyncError(.generationInputTooManyVisual, field: "input[\(visuals[1])]")
        }
        if form.inputs[visual].kind == .image {
            guard model.capabilities.contains(.image) else {
                throw SyncError(
                    .generationUnsupportedModel, "The model \(model.name) takes a video, not a picture.",
                    field: "model")
            }
            if draft.dub != nil { throw invalid("dubParams", "needs a video whose speech can be translated.") }
        }
        guard draft.dub == nil else { return }
        if voiceCount == 0 { throw invalid("input", "needs one audio or one text.") }
        let hasSegments = draft.segments?.isEmpty == false
        if voiceCount > 1, !hasSegments {
            throw invalid("input", "may have only one audio or text unless segments say where each belongs.")
        }
    }

    private func checkFeatures(_ request: GenerationRequest, model: Model) throws(SyncError) {
        func refuse(_ feature: ValidationRules.Feature, _ field: String, _ message: String) throws(SyncError) {
            if rules.features.contains(feature) { return }
            throw SyncError(.planFeatureUnavailable, message, field: field, status: 422)
        }
        if request.lipSync?.dub != nil {
            try refuse(.dubbing, "dubParams", "This installation has no dubbing provider.")
        }
        for (index, input) in request.inputs.enumerated() {
            if input.kind == .text { try refuse(.speech, "input[\(index)]", "This installation speaks no text.") }
            if input.kind == .image {
                try refuse(.pictures, "input[\(index)]", "This installation animates no pictures.")
            }
        }
        if model.capabilities.contains(.emotion) {
            try refuse(.emotions, "model", "This installation cannot change what a face expresses.")
        }
    }

    private func invalid(_ field: String, _ predicate: String) -> SyncError {
        SyncError(.generationInputValidationFailed, "\(field) \(predicate)", field: field)
    }
}
