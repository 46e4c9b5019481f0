import EngineProfiles
package import Generations
package import LipSync

/// Turns a request and its files into what the engine is to do.
package struct PlanBuilder: Sendable {
    let models: ModelCatalog
    let limits: WorkerLimits
    let constantRateFactor: Int
    let preset: String

    package init(
        models: ModelCatalog = .standard, limits: WorkerLimits = WorkerLimits(), constantRateFactor: Int = 17,
        preset: String = "veryfast"
    ) {
        self.models = models
        self.limits = limits
        self.constantRateFactor = constantRateFactor
        self.preset = preset
    }

    /// A task and a bound for the time that it may take.
    package struct PlannedTask: Sendable {
        /// What the engine is to do.
        package var task: EngineTask
        /// A length that the output does not exceed, in seconds.
        package var mediaSeconds: Double
        /// The length that the output will have, about, in seconds.
        package var outputSeconds: Double

        init(task: EngineTask, mediaSeconds: Double, outputSeconds: Double? = nil) {
            self.task = task
            self.mediaSeconds = mediaSeconds
            self.outputSeconds = outputSeconds ?? mediaSeconds
        }
    }

    /// Makes the plan.
    ///
    /// - Parameter folder: Where the outputs are written.
    /// - Throws: `JobFailure` where request and media do not fit together.
    package func order(
        _ request: GenerationRequest, _ inputs: ResolvedInputs, folder: String
    ) throws(JobFailure) -> PlannedTask {
        guard let model = models.model(named: request.model) else { throw JobFailure(.modelUnknown) }
        switch request.order {
        case .animation(let order): return try photoOrder(order, model, inputs, folder: folder)
        case .lipSync(let order) where inputs.visual.summary.kind == .image:
            return try animationOrder(order, model, inputs, folder: folder)
        case .lipSync(let order): return try videoOrder(order, model, inputs, folder: folder)
        case .speech, .cleaning, .upscaling, .conversion, .cloning:
            throw JobFailure(.notOffered, "This kind of job is not offered here.")
        }
    }

    private func videoOrder(
        _ request: LipSyncOrder, _ model: Model, _ inputs: ResolvedInputs, folder: String
    ) throws(JobFailure) -> PlannedTask {
        let profile = try engineProfile(of: model)
        let videoSeconds = try length(of: inputs.visual, limit: model.maximumSeconds)
        let parts: [RenderPart]
        if request.segments.isEmpty {
            let sound = try onlySound(of: request, model, inputs)
            let whole = part(
                audioPath: sound.path, options: try placed(request, model, inputs), model, inputs, false)
            parts = [try shifted(whole, request, sound)]
        } else {
            var made: [RenderPart] = []
            for segment in request.segments {
                made.append(try part(of: segment, request, model, inputs, videoSeconds: videoSeconds))
            }
            parts = made.sorted { start($0) < start($1) }
        }
        let plan = RenderPlan(
            videoPath: inputs.visual.path, outputPath: "\(folder)/output.mp4",
            segmentOutputPath: request.segments.count == 1 ? "\(folder)/segment.mp4" : nil, parts: parts,
            profile: profile, seed: UInt64(bitPattern: request.options.seed ?? 0),
            constantRateFactor: constantRateFactor, preset: preset)
        let soundSeconds = inputs.voices.values.reduce(inputs.speech?.summary.soundSeconds ?? 0) {
            $0 + ($1.summary.soundSeconds ?? 0)
        }
        return PlannedTask(
            task: .sync(plan), mediaSeconds: videoSeconds + soundSeconds * Double(max(1, parts.count)),
            outputSeconds: Self.outputSeconds(plan, videoSeconds: videoSeconds, soundSeconds: soundSeconds))
    }

    private static func outputSeconds(_ plan: RenderPlan, videoSeconds: Double, soundSeconds: Double) -> Double {
        guard let part = plan.parts.first, part.range == nil else { return videoSeconds }
        return switch part.syncMode {
        case .bounce, .loop, .remap: soundSeconds
        case .cutOff: min(videoSeconds, soundSeconds)
        case .silence: max(videoSeconds, soundSeconds)
        }
    }

    /// The options that count, with a speaker's point in pixels where it was given in shares.
    private func placed(
        _ request: LipSyncOrder, _ model: Model, _ inputs: ResolvedInputs
    ) throws(JobFailure) -> GenerationOptions {
        var options = model.effective(request.options)
        guard let target = request.animation?.target, target.count == 2 else { return options }
        guard let width = inputs.visual.summary.width, let height = inputs.visual.summary.height else {
            throw JobFailure(.mediaFactsMissing)
        }
        let point = Self.pixel(target, width: width, height: height)
        options.speaker = .point(frame: 0, horizontal: Double(point.x), vertical: Double(point.y))
        return options
    }

    private func engineProfile(of model: Model) throws(JobFailure) -> EngineProfile {
        guard let profile = model.profile.engine.profile else {
            throw JobFailure(.notOffered, "The model \(model.name) takes no video.")
        }
        return profile
    }

    private func part(
        of segment: Segment, _ request: LipSyncOrder, _ model: Model, _ inputs: ResolvedInputs,
        videoSeconds: Double
    ) throws(JobFailure) -> RenderPart {
        guard let sound = inputs.voices[segment.voiceInput] else {
            throw JobFailure(.segmentsInvalid, "A segment names a sound that does not exist.")
        }
        try checkSound(sound, limit: model.maximumSeconds)
        // A deprecated spelling counts a speaker's frame from the segment's start, and names no sound.
        let isLegacy = request.inputs[segment.voiceInput].referenceName == nil
        var part = part(
            audioPath: sound.path, options: model.effective(request.options.overridden(by: segment.options)), model,
            inputs, isLegacy)
        // Times are rounded to frames by everybody, each in its own way.
        let rate = inputs.visual.summary.framesPerSecond ?? 25
        let tolerance = 1 / max(rate, 1)
        switch segment.range {
        case .seconds(let start, let end):
            guard start <= videoSeconds + tolerance, end <= videoSeconds + tolerance else {
                throw JobFailure(.segmentsInvalid, "A segment ends after the video.")
            }
            part.range = .seconds(min(start, videoSeconds), min(end, videoSeconds))
        case .frames(let first, let end):
            guard Double(end) <= videoSeconds * rate + 1.5 else {
                throw JobFailure(.segmentsInvalid, "A segment ends after the video.")
            }
            part.range = .frames(first, end)
        }
        if let crop = segment.voiceCrop {
            let soundSeconds = sound.summary.soundSeconds ?? 0
            guard crop.start < soundSeconds, crop.end <= soundSeconds + 0.1 else {
                throw JobFailure(.trimInvalid, "A segment uses a part of a sound after its end.")
            }
            part.audioRange = TimeRange(startSeconds: crop.start, endSeconds: min(crop.end, soundSeconds))
        }
        return part
    }

    private func part(
        audioPath: String, options: GenerationOptions, _ model: Model, _ inputs: ResolvedInputs, _ isLegacy: Bool
    ) -> RenderPart {
        RenderPart(
            audioPath: audioPath, syncMode: Self.syncMode(options.syncMode ?? .bounce),
            speaker: speaker(options.speaker, inputs, isRelative: isLegacy), temperature: options.temperature ?? 0.5,
            keepsOccluders: options.detectsOcclusion ?? model.profile.engine.keepsOccluders,
            expression: expression(options))
    }

    /// Without a feeling there is nothing to express, unless the head may move as well.
    private func expression(_ options: GenerationOptions) -> FacialExpression? {
        guard options.emotion != nil || options.modelMode == .head else { return nil }
        let emotion = Self.engineEmotion(options.emotion ?? .neutral)
        switch options.modelMode ?? .face {
        case .lips: return FacialExpression(emotion: emotion, region: .lips)
        case .face: return FacialExpression(emotion: emotion, region: .face)
        case .head: return FacialExpression(emotion: emotion, region: .head)
        }
    }

    static func engineEmotion(_ emotion: Emotion) -> FacialEmotion {
        switch emotion {
        case .happy: .happy
        case .sad: .sad
        case .angry: .angry
        case .disgusted: .disgusted
        case .surprised: .surprised
        case .neutral: .neutral
        }
    }

    private func speaker(
        _ selection: SpeakerSelection?, _ inputs: ResolvedInputs, isRelative: Bool
    ) -> SpeakerChoice {
        switch selection {
        case nil: .mostPresent
        case .automatic: .automatic
        case .point(let frame, let x, let y):
            .point(frame: frame, x: Float(x), y: Float(y), isRelativeToPart: isRelative)
        case .boxes(let boxes): .boxes(boxes.map(Self.pixelBox))
        case .boxesURL(let url): .boxes((inputs.boxes[url] ?? []).map(Self.pixelBox))
        }
    }

    private static func pixelBox(_ box: SpeakerBox?) -> PixelBox? {
        box.map {
            PixelBox(left: Float($0.left), top: Float($0.top), right: Float($0.right), bottom: Float($0.bottom))
        }
    }

    private static func syncMode(_ mode: SyncMode) -> LengthRule {
        switch mode {
        case .bounce: .bounce
        case .loop: .loop
        case .cutOff: .cutOff
        case .silence: .silence
        case .remap: .remap
        }
    }

    private func start(_ part: RenderPart) -> Double {
        switch part.range {
        case .seconds(let start, _): start
        case .frames(let first, _): Double(first)
        case nil: 0
        }
    }

    private func length(of video: LocalMedium, limit: Double?) throws(JobFailure) -> Double {
        guard let seconds = video.summary.durationSeconds, seconds > 0, seconds.isFinite else {
            throw JobFailure(.mediaFactsMissing)
        }
        guard seconds <= limits.mediaSeconds else { throw JobFailure(.inputTooLong) }
        if let limit, seconds > limit { throw JobFailure(.modelLimitExceeded) }
        return seconds
    }

    /// The sound of a request without segments.
    func onlySound(
        of request: LipSyncOrder, _ model: Model, _ inputs: ResolvedInputs
    ) throws(JobFailure) -> LocalMedium {
        let voice = request.inputs.indices.first { request.inputs[$0].role == .voice }
        guard let sound = request.dub == nil ? voice.flatMap({ inputs.voices[$0] }) : inputs.speech else {
            throw JobFailure(.voiceMissing)
        }
        try checkSound(sound, limit: model.maximumSeconds)
        return sound
    }

    private func checkSound(_ sound: LocalMedium, limit: Double?) throws(JobFailure) {
        guard let seconds = sound.summary.soundSeconds, seconds > 0, seconds.isFinite else {
            throw JobFailure(.mediaFactsMissing)
        }
        guard seconds <= limits.mediaSeconds else { throw JobFailure(.inputTooLong) }
        if let limit, seconds > limit { throw JobFailure(.modelLimitExceeded) }
    }
}
