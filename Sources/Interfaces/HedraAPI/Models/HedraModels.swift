public import Generations

/// The models that this interface shows, and published ones that it refuses by name.
public struct HedraModels: Sendable {
    let models: [HedraModel]
    private let byName: [String: HedraModel]

    /// Ids and slugs of published models that need a generative network.
    private static let uninstalled = [
        "827122cd-5fdd-4412-86f2-554f7bb8eef9": "Grok Video T2V", "fal/grok-video-t2v": "Grok Video T2V",
    ]

    /// What a request without a model gets.
    static let defaultID = "d1dd37a3-e39a-4854-a298-6510289f9cf2"

    /// The identifiers of this interface's video models, with the model that does the work.
    public static let identifiers: [String: Model] = [
        defaultID: .photo, "26f0fc66-152b-40ab-abed-76c43df99bc8": .photoMotion,
        "ab372b84-432f-44f5-bacc-c2542465f712": .photoWideMotion, "d7eb3b2e-c8f8-45f9-83db-34f18dd0ba85": .photo,
        "0451ceea-a7b5-4275-a970-82bf4ef38055": .photoMotion, "0435547d-1b30-41ad-bf66-ca476ff0564e": .photoMorph,
        "780d5b45-3b39-46a6-aa6e-30ffc2ac8723": .motionTransfer,
        "10a4d9fb-491a-4ced-ac00-e980bf18e53f": .motionTransfer,
    ]

    static let standard = HedraModels()

    private init() {
        let longest = 600_000
        let videoModels = [
            HedraModel(
                id: Self.defaultID, slug: "together/hedra-character-3", name: "Hedra Character 3",
                summary: "Talking and singing video from one picture and one sound track.", type: "video",
                family: .avatar, maximumMilliseconds: longest, creditsPerSecond: 6, tags: ["character"]),
            HedraModel(
                id: "26f0fc66-152b-40ab-abed-76c43df99bc8", slug: "together/hedra-avatar", name: "Hedra Avatar",
                summary: "As Character 3, with more movement of the head.", type: "video", family: .avatar,
                maximumMilliseconds: longest, creditsPerSecond: 7, tags: ["character"]),
            HedraModel(
                id: "ab372b84-432f-44f5-bacc-c2542465f712", slug: "together/hedra-omnia", name: "Hedra Omnia",
                summary: "As Character 3, with the most movement; up to 8 seconds.", type: "video", family: .avatar,
                maximumMilliseconds: 8000, creditsPerSecond: 15, tags: ["character"]),
            HedraModel(
                id: "d7eb3b2e-c8f8-45f9-83db-34f18dd0ba85", slug: "fal/kling-ai-avatar-v2-standard",
                name: "Kling AI Avatar v2 Standard", summary: "Another name of Character 3, for scripts that use it.",
                type: "video", family: .avatar, maximumMilliseconds: longest, creditsPerSecond: 6, tags: ["character"]),
            HedraModel(
                id: "0451ceea-a7b5-4275-a970-82bf4ef38055", slug: "fal/kling-ai-avatar-v2-pro",
                name: "Kling AI Avatar v2 Pro", summary: "Another name of Avatar, for scripts that use it.",
                type: "video", family: .avatar, maximumMilliseconds: longest, creditsPerSecond: 7, tags: ["character"]),
            HedraModel(
                id: "0435547d-1b30-41ad-bf66-ca476ff0564e", slug: "fal/grok-video-i2v", name: "Grok Video I2V",
                summary: "A picture that comes alive, or turns into a second one; another engine under a known name.",
                type: "video", family: .pictures, maximumMilliseconds: 15_000,
                durationsMilliseconds: Array(stride(from: 5000, through: 15_000, by: 1000)), creditsPerSecond: 5),
            HedraModel(
                id: "780d5b45-3b39-46a6-aa6e-30ffc2ac8723", slug: "fal/kling-2.6-motion-control-std",
                name: "Kling 2.6 Motion Control Std",
                summary: "A picture that takes over head, face and lips of a driving video; its body stays as it is.",
                type: "video", family: .motion, maximumMilliseconds: 30_000, creditsPerSecond: 5),
            HedraModel(
                id: "10a4d9fb-491a-4ced-ac00-e980bf18e53f", slug: "fal/kling-2.6-motion-control-pro",
                name: "Kling 2.6 Motion Control Pro",
                summary: "Another name of the Std model, for scripts that use it.",
                type: "video", family: .motion, maximumMilliseconds: 30_000, creditsPerSecond: 5),
            HedraModel(
                id: "6e4a2b8f-93c4-4f0e-8d21-5b7f0c9a1e01", slug: "lipsmith/speech", name: "Lipsmith Speech",
                summary: "Speaks a text with the voices of this server.", type: "text_to_speech", family: .other,
                creditsPerCharacter: 1),
        ]
        models = videoModels + Self.mediumModels
        var byName: [String: HedraModel] = [:]
        for model in models {
            byName[model.id] = model
            byName[model.slug] = model
        }
        self.byName = byName
    }

    private static let mediumModels = [
        HedraModel(
            id: "0d3f5c62-7b1e-4a94-9c58-2e6a81f4b702", slug: "lipsmith/voice-filter", name: "Lipsmith Voice Filter",
            summary: "Takes hum, hiss and what is heard between words out of a sound by filters; a voice and music at "
                + "the same pitch stay together.", type: "audio_isolation", family: .other, creditsPerGeneration: 1),
        HedraModel(
            id: "5b8e1d47-20fc-4c3a-8f96-d1740b6ce203", slug: "lipsmith/lanczos-image", name: "Lipsmith Lanczos Image",
            summary: "More pixels by Lanczos scaling and sharpening; it adds no detail that the picture has not.",
            type: "image_upscale", family: .other, creditsPerGeneration: 1),
        HedraModel(
            id: "c94a7f10-3e65-4d8b-b27d-68f05a19de04", slug: "lipsmith/lanczos-video", name: "Lipsmith Lanczos Video",
            summary:
                "More pixels by Lanczos scaling and sharpening, with the video's own sound and frame rate; it adds "
                + "no detail that was not filmed.", type: "video_upscale", family: .other, creditsPerSecond: 1),
        HedraModel(
            id: "7f26c0b9-58da-4e17-a3c4-91be4d702f05", slug: "elevenlabs/speech-to-speech",
            name: "ElevenLabs Speech to Speech", summary: "Says a sound again in another voice, at ElevenLabs.",
            type: "speech_to_speech", family: .other, creditsPerSecond: 1),
        HedraModel(
            id: "e1589d3a-c472-4b06-95ef-04a7f86b1c06", slug: "elevenlabs/instant-voice-clone",
            name: "ElevenLabs Instant Voice Clone", summary: "Makes a voice of a sample, at ElevenLabs.",
            type: "voice_clone", family: .other, creditsPerGeneration: 10),
    ]

    /// The model that does a kind of work under a name.
    ///
    /// - Throws: `Refusal`: no such model, one of another kind, or one that is not installed.
    func model(slug: String?, id: String?, type: String) throws(Refusal) -> HedraModel? {
        guard let name = slug ?? id else { return models.first { $0.type == type } }
        if let title = Self.uninstalled[name] {
            throw Refusal(
                .failedPrecondition,
                "model \(name) (\(title)) needs a generative network, which is not installed on this server",
                suggestion: "Send a start picture with a model of GET /models.")
        }
        guard let model = byName[name] else {
            throw Refusal(
                .notFound, "model \(name) does not exist", suggestion: "Choose a model of GET /models.")
        }
        guard model.type == type else {
            throw Refusal(
                .invalidArgument, "model \(name) not valid for generation type \(type)",
                suggestion: "Choose a model of that type in GET /models.")
        }
        return model
    }
}
