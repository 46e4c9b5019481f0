import Generations
import Text
import WebInterface

/// Makes what a model's input asks for into an order of the domain.
struct V3Orders: Sendable {
    let media: MediaLookup
    let voices: V3Voices

    /// A checked input: what it orders, and what it costs.
    struct Checked: Sendable {
        var request: GenerationRequest
        /// In hundredths of a dollar.
        var credits: Int
    }

    /// Checks an input against its model, the media and voices that it names included.
    ///
    /// - Throws: `V3Refusal`, `GenerationError`; nothing is stored.
    func check(
        _ input: [String: JSONValue], _ model: V3Model, organisation: OrganisationID
    ) async throws -> Checked {
        let values = try InputValues(input, model.fields)
        let found = try await media.media(of: values, organisation: organisation)
        let voice = try await voice(of: values, model, organisation)
        func medium(_ name: String, _ kind: MediaKind, _ role: InputRole) -> MediaInput? {
            found[name].map { MediaInput(kind: kind, role: role, source: $0.source) }
        }
        func seconds(_ name: String) -> Double? { found[name]?.asset?.durationSeconds }
        let title = values.texts["prompt"] ?? values.texts["name"] ?? values.texts["text"]
        var (name, order, length): (String, Order, Double)
        switch model.work {
        case .talking(let usual):
            let engine = values.texts["quality"] == "pro" ? Model.photoMotion : usual
            let inputs = [medium("start_image", .image, .visual), medium("audio", .audio, .voice)].compactMap { $0 }
            (name, order) = (engine.name, .animation(AnimationOrder(inputs: inputs, parameters: parameters(values))))
            length = values.wholes["duration_ms"].map { Double($0) / 1000 } ?? seconds("audio") ?? 0
        case .moving:
            let inputs = [medium("start_image", .image, .visual)].compactMap { $0 }
            (name, order) = (
                Model.photoMorph.name, .animation(AnimationOrder(inputs: inputs, parameters: parameters(values)))
            )
            length = Double(values.wholes["duration_ms"] ?? 0) / 1000
        case .following:
            var parameters = parameters(values)
            parameters.orientation = values.texts["character_orientation"].flatMap(CharacterOrientation.init) ?? .video
            try Self.checkDrive(seconds("source_video"), parameters.orientation)
            let inputs = [
                medium("start_image", .image, .visual), medium("source_video", .video, .driving),
            ].compactMap { $0 }
            (name, order) = (
                Model.motionTransfer.name, .animation(AnimationOrder(inputs: inputs, parameters: parameters))
            )
            length = seconds("source_video") ?? 0
        case .speech:
            guard let voice else { throw GenerationError(.internalError) }
            let script = SpeechRequest(
                provider: voice.provider, voiceID: voice.id, script: values.texts["text"] ?? "",
                // The domain counts evenness, this interface its opposite.
                stability: 1 - (values.numbers["stability"] ?? 1), speed: values.numbers["speed"] ?? 1)
            (name, order, length) = ("speech", .speech(script), 0)
        case .cleaning:
            (name, order) = (model.id, .cleaning(try Self.only(medium("audio", .audio, .voice))))
            length = seconds("audio") ?? 0
        case .conversion:
            let sound = try Self.only(medium("audio", .audio, .voice))
            (name, order) = (model.id, .conversion(sound, voiceID: voice?.id ?? ""))
            length = seconds("audio") ?? 0
        case .cloning:
            (name, order, length) = (model.id, .cloning(try Self.only(medium("audio", .audio, .voice))), 0)
        case .enlarging:
            let isVideo = model.modality == "video"
            let field = isVideo ? "source_video" : "source_image"
            let word = values.texts[isVideo ? "resolution" : "target_resolution"] ?? ""
            let upscaling = Upscaling(
                Upscaling.named.first { $0.name == word }.map { .shorterSide($0.shorterSide) } ?? .usual)
            try Self.checkSize(found[field]?.asset, upscaling, at: "input.\(field)")
            (name, order) = (
                model.id, .upscaling(try Self.only(medium(field, isVideo ? .video : .image, .visual)), upscaling)
            )
            length = seconds(field) ?? 0
        }
        let request = GenerationRequest(
            model: name, order: order, title: title.flatMap { $0.isEmpty ? nil : $0.prefix(scalars: 80) })
        return Checked(
            request: request,
            credits: model.credits(seconds: length, characters: values.texts["text"]?.unicodeScalars.count ?? 0))
    }

    private func parameters(_ values: InputValues) -> AnimationParameters {
        let shape = values.texts["aspect_ratio"]
        return AnimationParameters(
            prompt: values.texts["prompt"] ?? "", resolution: values.texts["resolution"],
            // The nearest to the picture's own.
            aspectRatio: shape == "auto" ? nil : shape, durationMilliseconds: values.wholes["duration_ms"],
            target: values.points["bounding_box_target"],
            // Below 2^31, so that every client's integer holds it.
            seed: Int64.random(in: 1..<1 << 31))
    }

    private func voice(
        of values: InputValues, _ model: V3Model, _ organisation: OrganisationID
    ) async throws -> Voice? {
        if let text = values.texts["text"], !SpeakableText.isSpeakable(text) {
            throw V3Refusal(fields: [
                InvalidInput("input.text", "pattern", "input.text must have words that can be spoken.")
            ])
        }
        guard let id = values.texts["voice_id"] else {
            if case .cloning = model.work, let name = values.texts["name"] {
                guard try await !voices.directory.isTaken(name, organisation: organisation) else {
                    throw GenerationError(.voiceNameTaken)
                }
            }
            return nil
        }
        guard let voice = try await voices.voice(id, organisation: organisation) else {
            throw V3Refusal(fields: [
                InvalidInput(
                    "input.voice_id", "not_found",
                    "input.voice_id: there is no voice of that id; GET /v3/models/\(model.id)/voices lists them.")
            ])
        }
        if case .conversion = model.work {
            do { try await voices.directory.provider?.checkConversion(to: voice.id) } catch let error as GenerationError
                where error.code == .notOffered || error.code == .notOfferedHere
            {
                throw V3Refusal(fields: [
                    InvalidInput(
                        "input.voice_id", "not_found",
                        "input.voice_id: that voice speaks texts and cannot say a sound again; choose one of ElevenLabs."
                    )
                ])
            }
        }
        return voice
    }

    private static func only(_ input: MediaInput?) throws -> MediaInput {
        guard let input else { throw GenerationError(.internalError) }
        return input
    }

    private static func checkDrive(_ seconds: Double?, _ orientation: CharacterOrientation?) throws(V3Refusal) {
        guard let most = orientation?.maximumSeconds, let seconds, seconds > most + 0.05 else { return }
        throw V3Refusal(fields: [
            InvalidInput(
                "input.source_video", "max_duration_ms",
                "input.source_video must last \(Int(most * 1000)) ms at most where character_orientation is image.")
        ])
    }

    private static func checkSize(_ asset: Asset?, _ upscaling: Upscaling, at field: String) throws(V3Refusal) {
        guard let asset, let width = asset.width, let height = asset.height else { return }
        do { _ = try upscaling.size(width: width, height: height, isVideo: asset.kind == .video) } catch {
            let problem =
                error == .smaller ? "is larger than the resolution that is asked for" : "would get too large"
            throw V3Refusal(fields: [
                InvalidInput(field, "maximum", "\(field) has \(width)x\(height) pixels, which \(problem).")
            ])
        }
    }
}
