import Generations
import LipSync

extension PlanBuilder {
    /// The order for a picture that speaks. How lengths are matched and what stands before a mouth are of no meaning
    /// then; the video is as long as the sound.
    func animationOrder(
        _ request: LipSyncOrder, _ model: Model, _ inputs: ResolvedInputs, folder: String
    ) throws(JobFailure) -> PlannedTask {
        guard model.capabilities.contains(.image) else {
            throw JobFailure(
                .modelUnknown, "The model \(model.name) takes a video, not a picture.",
                suggestion: "Choose sync-3, or send a video.")
        }
        guard request.segments.isEmpty else {
            throw JobFailure(.segmentsInvalid, "A picture has no segments.")
        }
        let sound = try onlySound(of: request, model, inputs)
        let picture = PictureCue(
            path: inputs.visual.path, speaker: try point(of: model.effective(request.options).speaker, inputs))
        // Models honour the temperature on videos, each as the contract says; a picture's liveliness is all its own.
        var plan = AnimationPlan(
            pictures: [picture], audioPath: sound.path, outputPath: "\(folder)/output.mp4",
            temperature: request.options.temperature ?? 0.5, seed: UInt64(bitPattern: request.options.seed ?? 0),
            constantRateFactor: constantRateFactor, preset: preset)
        if let parameters = request.animation { steer(&plan, parameters, model) }
        return PlannedTask(task: .animation(plan), mediaSeconds: sound.summary.soundSeconds ?? 0)
    }

    /// A point inside the chosen face. Of boxes, the first is the picture's: a picture is frame 0 alone.
    private func point(
        of selection: SpeakerSelection?, _ inputs: ResolvedInputs
    ) throws(JobFailure) -> PicturePoint? {
        switch selection {
        case nil: return nil
        case .automatic:
            throw JobFailure(.speakerInvalid, "A picture has no speaker to detect.")
        case .point(_, let x, let y): return PicturePoint(x: Float(x), y: Float(y))
        case .boxes(let boxes): return try center(of: boxes)
        case .boxesURL(let url): return try center(of: inputs.boxes[url] ?? [])
        }
    }

    private func center(of boxes: [SpeakerBox?]) throws(JobFailure) -> PicturePoint {
        guard let first = boxes.first, let box = first else {
            throw JobFailure(
                .speakerInvalid, "The list of boxes does not begin with a box.",
                suggestion: "Give one box, that of the face in the picture.")
        }
        return PicturePoint(x: Float((box.left + box.right) / 2), y: Float((box.top + box.bottom) / 2))
    }
}
