import Generations
import Text
import WebInterface

/// Requests in which no lips move: a sound freed of its noise or said in another voice, a voice made of a sample, a
/// picture or video with more pixels.
extension GenerationController {
    /// The kinds of requests that `mediumSubmission` reads.
    static let mediumTypes: Set<String> = [
        "audio_isolation", "image_upscale", "video_upscale", "speech_to_speech", "voice_clone",
    ]

    /// Checks a request of one of those kinds.
    ///
    /// - Throws: `Refusal`, `GenerationError`; nothing is stored.
    func mediumSubmission(_ reader: inout FieldReader, type: String, _ call: Call) async throws -> Submission {
        try await checkOffered(type)
        let fields = MediumFields(&reader, type: type)
        try reader.check()
        let model = try models.model(slug: fields.modelSlug, id: fields.modelID, type: type)
        if type == "voice_clone" { try await checkVoiceName(fields.common.name ?? "", call) }
        let asset = try await usable(
            AssetID(rawValue: fields.mediumID), fields.mediumKind, field: fields.mediumField, call)
        try fields.checkSize(of: asset)
        var voiceID = ""
        if let id = fields.voiceID {
            let voice = try await voices.voice(id, language: nil, organisation: call.organisation)
            do { try await voices.provider?.checkConversion(to: voice.id) } catch let error as GenerationError
                where error.code == .notOffered || error.code == .notOfferedHere
            {
                throw Refusal(
                    .failedPrecondition, "voice_id: the voice \(id) speaks texts and cannot say a sound again",
                    suggestion: "Choose a voice of ElevenLabs in GET /voices.")
            }
            voiceID = voice.id
        }
        let input = MediaInput(
            kind: fields.mediumKind, role: fields.mediumKind == .audio ? .voice : .visual, source: .asset(asset.id))
        let request = GenerationRequest(
            model: model?.slug ?? type, order: fields.order(input, voiceID: voiceID),
            title: fields.common.name ?? asset.name)
        return Submission(
            type: type, common: fields.common, echo: fields.echo, request: request, prompt: fields.common.name ?? "",
            credits: model?.credits(seconds: asset.durationSeconds ?? 0, resolution: nil) ?? 0)
    }

    /// Refuses what another provider than this machine would have to do, where there is none.
    private func checkOffered(_ type: String) async throws {
        let capabilities = await voices.provider?.capabilities
        let isOffered =
            switch type {
            case "voice_clone": capabilities?.clones ?? false
            case "speech_to_speech": capabilities?.converts ?? false
            default: true
            }
        guard isOffered else {
            throw Refusal(
                .failedPrecondition,
                "generations of type \(type) are not offered by this server: no voice provider that can do it is "
                    + "configured; the operator would set elevenlabs-key (LIPSMITH_ELEVENLABS_KEY)",
                suggestion: "Ask the operator to set elevenlabs-key (LIPSMITH_ELEVENLABS_KEY).")
        }
    }

    private func checkVoiceName(_ name: String, _ call: Call) async throws {
        guard try await !voices.directory.isTaken(name, organisation: call.organisation) else {
            throw Refusal(
                .alreadyExists, "name: there is a voice called \(name) already", suggestion: "Choose another name.")
        }
    }
}

/// The body of such a request, field by field.
struct MediumFields {
    let type: String
    let common: CommonFields
    let modelID: String?
    let modelSlug: String?
    /// The field that names the medium, and what it names.
    let mediumField: String
    let mediumID: String
    /// The voice in which a sound is said again.
    let voiceID: String?
    let upscaling: Upscaling?
    private let targetResolution: String?
    private let factor: Double?
    private let further: [String: JSONValue]

    private static let longestVoiceName = 100

    /// Reads them; what is wrong goes into the reader.
    init(_ reader: inout FieldReader, type: String) {
        self.type = type
        common = CommonFields(&reader, batchSize: 1)
        modelID = reader.uuid("ai_model_id")
        modelSlug = reader.text("model_slug")
        mediumField = type == "image_upscale" ? "image_id" : type == "video_upscale" ? "video_id" : "audio_id"
        mediumID = reader.uuid(mediumField, isRequired: true) ?? ""
        voiceID = type == "speech_to_speech" ? reader.uuid("voice_id", isRequired: true) : nil
        if type == "voice_clone" {
            _ = reader.text("name", isRequired: true, most: Self.longestVoiceName, least: 1)
        }
        var further: [String: JSONValue] = [:]
        guard type == "image_upscale" || type == "video_upscale" else {
            (upscaling, targetResolution, factor, self.further) = (nil, nil, nil, further)
            return
        }
        let resolution = reader.word("target_resolution", among: Upscaling.named.map(\.name))
        let factor = reader.number("upscale_factor", in: Upscaling.factors)
        (targetResolution, self.factor) = (resolution, factor)
        let side = Upscaling.named.first { $0.name == resolution }?.shorterSide
        upscaling = Upscaling(
            side.map(Upscaling.Target.shorterSide) ?? factor.map(Upscaling.Target.factor) ?? .usual)
        // Frame rates stay as they are; what names them is kept and has no effect.
        for name in ["target_fps", "fps_engine", "options"] { further[name] = reader.members[name] ?? .null }
        self.further = further
    }

    /// What is to be made of the medium.
    ///
    /// - Parameter voiceID: The provider's name of the voice that `voiceID` means; needed for a conversion alone.
    func order(_ input: MediaInput, voiceID: String) -> Order {
        switch type {
        case "audio_isolation": .cleaning(input)
        case "speech_to_speech": .conversion(input, voiceID: voiceID)
        case "voice_clone": .cloning(input)
        default: .upscaling(input, upscaling ?? Upscaling(.usual))
        }
    }

    var mediumKind: MediaKind {
        switch type {
        case "image_upscale": .image
        case "video_upscale": .video
        default: .audio
        }
    }

    /// Refuses a size that cannot be made of a medium whose own is known.
    func checkSize(of asset: Asset) throws(Refusal) {
        guard let upscaling, let width = asset.width, let height = asset.height else { return }
        do { _ = try upscaling.size(width: width, height: height, isVideo: asset.kind == .video) } catch {
            let field = targetResolution == nil ? "upscale_factor" : "target_resolution"
            let noun = asset.kind == .video ? "video" : "picture"
            throw error == .smaller
                ? Refusal(
                    .invalidArgument, "\(field): the \(noun) has \(width)x\(height) already, which is more",
                    suggestion: "Wish for a larger resolution.")
                : Refusal(
                    .invalidArgument, "\(field): the \(noun) would get too large from \(width)x\(height)",
                    suggestion: "Use a smaller factor, or target_resolution, which ends at what can be made.")
        }
    }

    /// The fields as they are shown again.
    var echo: [String: JSONValue] {
        var echo = common.echo.merging(further) { $1 }
        echo["type"] = .string(type)
        echo["ai_model_id"] = .text(modelID)
        echo["model_slug"] = .text(modelSlug)
        echo[mediumField] = .string(mediumID)
        if type == "speech_to_speech" { echo["voice_id"] = .text(voiceID) }
        if upscaling != nil {
            echo["target_resolution"] = .text(targetResolution)
            echo["upscale_factor"] = .decimal(factor)
        }
        return echo
    }
}
