import Generations
import Text
import WebInterface

/// A video's request seen as a whole: what belongs together, and which part of the engine makes it.
extension GenerationController {
    /// The voice of a video, and the asset that tells its length where one does.
    private struct VideoVoice {
        var input: MediaInput
        var asset: Asset?
        var voiceName: String?
    }

    /// Checks a request for a video.
    ///
    /// - Parameter isMotionControl: Whether it came as a job of that kind, which needs picture and driving video.
    /// - Throws: `Refusal`, `GenerationError`; nothing is stored.
    func videoSubmission(
        _ reader: inout FieldReader, isMotionControl: Bool, _ call: Call
    ) async throws -> Submission {
        let fields = VideoFields(&reader)
        if isMotionControl {
            for name in ["video_id", "start_keyframe_id"] where (reader.members[name] ?? .null).isNull {
                reader.report(.missing(reader.place(name), input: .object(reader.members)))
            }
        }
        try reader.check()
        let usual = isMotionControl ? models.models.first { $0.family == .motion } : nil
        let model =
            try models.model(slug: fields.modelSlug, id: fields.modelID ?? usual?.id, type: VideoFields.type)
            ?? models.models[0]
        try checkChoices(fields, model)
        try checkParts(fields, model, reader)
        let voice = try await voice(of: fields, call)
        var inputs = try await pictures(of: fields, call)
        let isResync = inputs.isEmpty
        var driving: Asset?
        if let id = fields.videoID {
            let asset = try await usable(AssetID(rawValue: id), .video, field: "video_id", call)
            driving = asset
            inputs.append(
                MediaInput(kind: .video, role: isResync ? .visual : .driving, source: .asset(asset.id)))
        }
        if let voice { inputs.append(voice.input) }
        let seconds = try outputSeconds(fields, model, voice: voice?.asset, driving: driving)
        let gvi = fields.inputs
        let parameters = AnimationParameters(
            prompt: gvi.fullPrompt, resolution: gvi.resolution, aspectRatio: gvi.aspectRatio,
            durationMilliseconds: gvi.wantedMilliseconds,
            audioStartMilliseconds: voice == nil ? 0 : fields.audioStartMilliseconds ?? 0,
            target: gvi.targets.first, orientation: gvi.orientation)
        let speechAsset = voice?.input.kind == .text ? AssetID() : nil
        let request = GenerationRequest(
            // A video whose speaker says something else is made by the standard model.
            model: isResync ? Model.standard.name : model.id,
            order: isResync
                ? .lipSync(LipSyncOrder(inputs: inputs, animation: parameters, speechAsset: speechAsset))
                : .animation(AnimationOrder(inputs: inputs, parameters: parameters, speechAsset: speechAsset)),
            title: fields.common.name ?? (gvi.fullPrompt.isEmpty ? nil : gvi.fullPrompt.prefix(scalars: 80)))
        var echo = fields.echo
        if isMotionControl { echo["type"] = "motion_control" }
        if fields.modelID == nil { echo["ai_model_id"] = .string(model.id) }
        if let name = voice?.voiceName { echo["voice_name"] = .string(name) }
        return Submission(
            type: isMotionControl ? "motion_control" : VideoFields.type, common: fields.common,
            batchSize: fields.batchSize, batchName: fields.batchName, echo: echo, request: request,
            seed: gvi.seed.map(Int64.init), prompt: gvi.fullPrompt,
            credits: model.credits(seconds: seconds, resolution: gvi.resolution))
    }

    // MARK: What fits the model

    private func checkChoices(_ fields: VideoFields, _ model: HedraModel) throws(Refusal) {
        let inputs = fields.inputs
        if let resolution = inputs.resolution, !PictureDimensions.resolutions.contains(resolution) {
            throw Refusal(
                .invalidArgument, "resolution \(resolution) is not offered by \(model.name)",
                suggestion: "Use \(PictureDimensions.resolutions.joined(separator: ", ")).")
        }
        if let ratio = inputs.aspectRatio, !PictureDimensions.aspectRatios.contains(ratio) {
            throw Refusal(
                .invalidArgument, "aspect_ratio \(ratio) is not offered by \(model.name)",
                suggestion: "Use \(PictureDimensions.aspectRatios.joined(separator: ", ")).")
        }
        guard fields.audioIDs.count <= 1, inputs.targets.count <= 1 else {
            throw Refusal(
                .invalidArgument, "Several speakers in one video are not offered here.",
                suggestion: "Send one audio_id and one bounding_box_target.")
        }
        guard fields.referenceIDs.count <= HedraModel.maximumReferences else {
            throw Refusal(
                .invalidArgument, "\(model.name) takes at most \(HedraModel.maximumReferences) reference images",
                suggestion: "Send fewer reference_image_ids.")
        }
        guard let wanted = inputs.wantedMilliseconds else { return }
        guard wanted > 0 else {
            throw Refusal(.invalidArgument, "duration_ms must not be negative", suggestion: "Leave it out.")
        }
        if let most = model.maximumMilliseconds, wanted > most {
            throw Refusal(
                .invalidArgument, "duration_ms is above the \(most) ms of \(model.name)",
                suggestion: "Ask for a shorter video.")
        }
        if !model.durationsMilliseconds.isEmpty, !model.durationsMilliseconds.contains(wanted) {
            throw Refusal(
                .invalidArgument, "duration_ms \(wanted) is not offered by \(model.name)",
                suggestion: "Use one of the model's durations.")
        }
    }

    /// Which parts must be there together.
    private func checkParts(_ fields: VideoFields, _ model: HedraModel, _ reader: FieldReader) throws(Refusal) {
        let hasReferences = !fields.referenceIDs.isEmpty
        let hasStart = fields.startID != nil || fields.startURL != nil
        let hasEnd = fields.endID != nil || fields.endURL != nil
        let hasVoice = !fields.audioIDs.isEmpty || fields.speech != nil
        if model.family == .motion, fields.videoID == nil {
            throw Refusal(
                .invalidArgument, "\(model.name) needs a driving video", suggestion: "Send video_id.")
        }
        guard hasReferences || hasStart else {
            if hasEnd {
                throw Refusal(
                    .invalidArgument, "an end keyframe needs a start keyframe", suggestion: "Send start_keyframe_id.")
            }
            if fields.videoID != nil {
                guard model.family != .motion else {
                    throw Refusal(
                        .invalidArgument, "\(model.name) needs a start frame", suggestion: "Send start_keyframe_id.")
                }
                guard hasVoice else {
                    throw Refusal(
                        .invalidArgument, "a video alone is not enough: it needs a picture to move or a voice to say",
                        suggestion: "Send start_keyframe_id or audio_id.")
                }
                return
            }
            throw Refusal(
                .failedPrecondition,
                "making a video without any picture needs a generative network, which is not installed on this server",
                suggestion: "Send start_keyframe_id, reference_image_ids or video_id.")
        }
        let needsVoice =
            model.family == .avatar && !hasEnd && fields.videoID == nil && !hasReferences
        if needsVoice, !hasVoice {
            throw Refusal(.missing(reader.place("audio_id"), input: .object(reader.members)))
        }
    }

    // MARK: What is named

    private func voice(of fields: VideoFields, _ call: Call) async throws -> VideoVoice? {
        if let id = fields.audioIDs.first {
            let asset = try await usable(AssetID(rawValue: id), .audio, field: "audio_id", call)
            return VideoVoice(
                input: MediaInput(kind: .audio, role: .voice, source: .asset(asset.id)), asset: asset)
        }
        guard let speech = fields.speech else { return nil }
        let (request, voice) = try await self.speech(speech, organisation: call.organisation)
        return VideoVoice(
            input: MediaInput(kind: .text, role: .voice, source: .script(request)), voiceName: voice.name)
    }

    /// The pictures in the order in which they are shown; none for a film.
    private func pictures(of fields: VideoFields, _ call: Call) async throws -> [MediaInput] {
        guard fields.referenceIDs.isEmpty else {
            var references: [MediaInput] = []
            for (index, id) in fields.referenceIDs.enumerated() {
                let asset = try await usable(
                    AssetID(rawValue: id), .image, field: "reference_image_ids[\(index)]", call)
                references.append(MediaInput(kind: .image, role: .reference, source: .asset(asset.id)))
            }
            // Keyframes have no effect then, so nobody looks whether they exist.
            return references
        }
        let start = try await keyframe(
            id: fields.startID, url: fields.startURL, name: "start_keyframe_id", role: .visual, call)
        let end = try await keyframe(
            id: fields.endID, url: fields.endURL, name: "end_keyframe_id", role: .endFrame, call)
        return [start, end].compactMap { $0 }
    }

    private func keyframe(
        id: String?, url: String?, name: String, role: InputRole, _ call: Call
    ) async throws -> MediaInput? {
        if let id {
            let asset = try await usable(AssetID(rawValue: id), .image, field: name, call)
            return MediaInput(kind: .image, role: role, source: .asset(asset.id))
        }
        return url.map { MediaInput(kind: .image, role: role, source: .url($0), keptAs: AssetID()) }
    }

    /// An asset of the kind that a field takes, with its content.
    ///
    /// - Throws: `Refusal`: there is none, it is of another kind, or its file has not arrived.
    func usable(_ id: AssetID, _ kind: MediaKind, field: String, _ call: Call) async throws -> Asset {
        guard let asset = try await store.asset(id, organisation: call.organisation) else {
            throw Refusal(.notFound, "\(field): there is no asset \(id)", suggestion: "Create and upload it first.")
        }
        guard asset.kind == kind else {
            throw Refusal(
                .invalidArgument, "\(field): the asset \(id) is of type \(asset.kind), not \(kind)",
                suggestion: "Name an asset of type \(kind).")
        }
        guard asset.blob != nil || asset.remoteURL != nil else {
            throw Refusal(
                .failedPrecondition, "\(field): the file of the asset \(id) has not been uploaded",
                suggestion: "Upload it with POST /assets/\(id)/upload.")
        }
        return asset
    }

    // MARK: Lengths

    /// How long the video will be, as far as it is known before the voice has spoken.
    private func outputSeconds(
        _ fields: VideoFields, _ model: HedraModel, voice: Asset?, driving: Asset?
    ) throws(Refusal) -> Double {
        var most = model.maximumMilliseconds ?? .max
        if driving != nil, let limit = fields.inputs.orientation?.maximumSeconds { most = min(most, Int(limit * 1000)) }
        let wanted = fields.inputs.wantedMilliseconds.map { Double($0) / 1000 }
        var seconds = wanted ?? driving?.durationSeconds ?? 5
        if let sound = voice?.durationSeconds {
            let shift = Double(fields.audioStartMilliseconds ?? 0) / 1000
            guard sound > 0 else {
                throw Refusal(
                    .invalidArgument, "audio_id: the sound is empty", suggestion: "Send a sound with something in it.")
            }
            guard shift < sound else {
                throw Refusal(
                    .invalidArgument, "audio_start_ms is behind the end of the sound",
                    suggestion: "Use a number below \(sound.milliseconds).")
            }
            seconds = wanted ?? sound - shift
        } else if let speech = fields.speech, fields.audioIDs.isEmpty {
            // Speech has some fifteen letters a second.
            seconds = wanted ?? Double(speech.text.count) / 15 - Double(fields.audioStartMilliseconds ?? 0) / 1000
        } else if voice == nil, wanted == nil {
            return min(seconds, Double(most) / 1000)
        }
        // A frame more is rounding.
        guard seconds * 1000 <= Double(most) + 50 else {
            throw Refusal(
                .invalidArgument, "the video would be longer than the \(most) ms of \(model.name)",
                suggestion: "Use duration_ms, or a shorter sound.")
        }
        return max(seconds, 0)
    }
}
