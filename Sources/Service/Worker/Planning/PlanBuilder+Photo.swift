import EngineProfiles
import Generations
import LipSync

/// Where a request's sound stands in its video, by the rules that photo animations follow: a shift and a length.
struct SoundPlacement: Hashable {
    /// Silence before the sound.
    var leadSeconds = 0.0
    /// What is left out of the sound's beginning.
    var skippedSeconds = 0.0
    /// The length of the video; nil for that of the shifted sound.
    var durationSeconds: Double?

    init(_ parameters: AnimationParameters) {
        let shift = Double(parameters.audioStartMilliseconds) / 1000
        leadSeconds = max(-shift, 0)
        skippedSeconds = max(shift, 0)
        if let wanted = parameters.durationMilliseconds, wanted > 0 { durationSeconds = Double(wanted) / 1000 }
    }

    /// How long the video is.
    func outputSeconds(soundSeconds: Double) -> Double {
        durationSeconds ?? leadSeconds + soundSeconds - skippedSeconds
    }

    /// Less of a sound is not listened to.
    private static let shortestSeconds = 0.1

    /// The seconds of the sound that are heard before the video is over; nil for all. What comes later need not be
    /// understood.
    func heard(soundSeconds: Double) throws(JobFailure) -> TimeRange? {
        let whole = try range(soundSeconds: soundSeconds)
        guard let wanted = durationSeconds else { return whole }
        let end = skippedSeconds + max(wanted - leadSeconds, Self.shortestSeconds)
        return end < soundSeconds ? TimeRange(startSeconds: skippedSeconds, endSeconds: end) : whole
    }

    /// The seconds of the sound that are used; nil for all.
    func range(soundSeconds: Double) throws(JobFailure) -> TimeRange? {
        guard skippedSeconds > 0 else { return nil }
        guard skippedSeconds < soundSeconds else {
            throw JobFailure(.trimInvalid, "The sound begins after its own end.")
        }
        return TimeRange(startSeconds: skippedSeconds, endSeconds: soundSeconds)
    }
}

extension PlanBuilder {
    /// What a video without a sound, a driving video and a wished length lasts, in seconds.
    static let silentSeconds = 5.0
    /// How long two subjects take to turn into each other.
    private static let turnSeconds = 1.6

    /// The order for pictures that were asked for as such: one, two that meet, or several in turn, with a voice, a
    /// driving video, both, or neither.
    func photoOrder(
        _ request: AnimationOrder, _ model: Model, _ inputs: ResolvedInputs, folder: String
    ) throws(JobFailure) -> PlannedTask {
        let parameters = request.parameters
        guard let first = inputs.pictures.first else { throw JobFailure(.visualMissing) }
        let placement = SoundPlacement(parameters)
        var plan = AnimationPlan(
            pictures: inputs.pictures.map { PictureCue(path: $0.path) }, outputPath: "\(folder)/output.mp4",
            seed: UInt64(bitPattern: parameters.seed ?? 0), constantRateFactor: constantRateFactor, preset: preset)
        plan.durationSeconds = placement.durationSeconds
        // Its sound would go on where its face goes back.
        let driveSeconds = inputs.driving?.summary.durationSeconds.map { min($0, EngineLimits.driveSeconds) }
        var longest = model.maximumSeconds ?? limits.mediaSeconds
        if inputs.driving != nil, let orientation = parameters.orientation {
            longest = min(longest, orientation.maximumSeconds ?? longest)
            plan.followsDirection = orientation == .video
        }
        let outputSeconds: Double
        if let voice = try photoSound(request, inputs) {
            plan.audioPath = voice.medium.path
            plan.audioRange = try placement.heard(soundSeconds: voice.seconds)
            plan.leadSeconds = placement.leadSeconds
            outputSeconds = placement.outputSeconds(soundSeconds: voice.seconds)
        } else {
            // A driving video that is too long is cut; there is nothing in it that must be said to its end.
            plan.durationSeconds = placement.durationSeconds ?? min(driveSeconds ?? Self.silentSeconds, longest)
            outputSeconds = plan.durationSeconds ?? 0
        }
        // A frame more is rounding.
        guard outputSeconds <= longest + 0.05 else { throw JobFailure(.modelLimitExceeded) }
        plan.drivePath = inputs.driving?.path
        if plan.pictures.count == 2, request.inputs.contains(where: { $0.role == .reference }) {
            // Two pictures would turn into each other all the while, as a first and a last frame do.
            let length = min(Self.turnSeconds, outputSeconds / 4)
            plan.pictures[1].change = PictureChange(
                startSeconds: (outputSeconds - length) / 2, durationSeconds: length)
        }
        try frame(&plan, first, parameters)
        steer(&plan, parameters, model)
        return PlannedTask(task: .animation(plan), mediaSeconds: max(outputSeconds, driveSeconds ?? 0))
    }

    /// The order for a film whose speaker says something else, asked for with the rules of photo animations.
    func shifted(_ part: RenderPart, _ request: LipSyncOrder, _ sound: LocalMedium) throws(JobFailure)
        -> RenderPart
    {
        guard let parameters = request.animation else { return part }
        // Silence before and behind the sound is in its file by now.
        let soundSeconds = sound.summary.soundSeconds ?? 0
        let placement = SoundPlacement(parameters)
        var part = part
        part.audioRange = try placement.range(soundSeconds: soundSeconds)
        if let wanted = placement.durationSeconds {
            let end = min(placement.skippedSeconds + wanted, soundSeconds)
            part.audioRange = TimeRange(startSeconds: placement.skippedSeconds, endSeconds: end)
        }
        return part
    }

    private func photoSound(
        _ request: AnimationOrder, _ inputs: ResolvedInputs
    ) throws(JobFailure) -> (medium: LocalMedium, seconds: Double)? {
        guard let index = request.inputs.indices.first(where: { request.inputs[$0].role == .voice }) else { return nil }
        guard let medium = inputs.voices[index] else { throw JobFailure(.voiceMissing) }
        guard let seconds = medium.summary.soundSeconds, seconds > 0, seconds.isFinite else {
            throw JobFailure(.mediaFactsMissing)
        }
        guard seconds <= limits.mediaSeconds else { throw JobFailure(.inputTooLong) }
        return (medium, seconds)
    }

    /// The output's size and whose mouth moves.
    private func frame(
        _ plan: inout AnimationPlan, _ first: LocalMedium, _ parameters: AnimationParameters
    ) throws(JobFailure) {
        guard let width = first.summary.width, let height = first.summary.height else {
            throw JobFailure(.mediaFactsMissing)
        }
        let shape =
            parameters.aspectRatio ?? PictureDimensions.nearestAspectRatio(width: width, height: height)
        let resolution = parameters.resolution ?? PictureDimensions.defaultResolution
        guard let size = PictureDimensions.size(aspectRatio: shape, resolution: resolution) else {
            throw JobFailure(.pictureSizeUnsupported)
        }
        plan.size = PictureSize(width: size.width, height: size.height)
        if let target = parameters.target, target.count == 2 {
            plan.pictures[0].speaker = Self.pixel(target, width: width, height: height)
        }
    }

    /// A point given in shares of a picture; its right and lower edge are its last pixels.
    static func pixel(_ target: [Double], width: Int, height: Int) -> PicturePoint {
        PicturePoint(
            x: Float(min(target[0] * Double(width), Double(width) - 1)),
            y: Float(min(target[1] * Double(height), Double(height) - 1)))
    }

    /// What the description asks for, and how lively the model is.
    func steer(_ plan: inout AnimationPlan, _ parameters: AnimationParameters, _ model: Model) {
        let steering = PromptSteering(parameters.prompt)
        plan.emotion = steering.emotion.map(Self.engineEmotion) ?? .neutral
        plan.motion = min(model.profile.engine.motion * (steering.liveliness ?? 1), 2)
        plan.camera =
            switch steering.camera {
            case .pushIn: .pushIn
            case .pullOut: .pullOut
            case .panLeft: .panLeft
            case .panRight: .panRight
            case .still, nil: .still
            }
    }
}
