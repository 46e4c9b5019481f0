import Generations
import Text
import WebInterface

/// The body of a create request, decoded: the same from JSON, a form and a batch's line.
struct CreateBody: Sendable {
    /// What the domain checks.
    let draft: RequestDraft
    /// The project as it was named.
    let project: String?
    /// The members as they came; equal requests have equal ones.
    let fields: JSONValue

    /// - Parameter rules: How long lists may be; what is beyond is not looked at.
    init(_ members: [String: JSONValue], rules: ValidationRules) {
        var reader = FieldReader(members, rules: .sync)
        var draft = RequestDraft()
        draft.model = reader.text(members["model"], "model")
        // One more than may be there, so that the next step sees that there are too many.
        let items = (reader.list(members["input"], "input") ?? []).prefix(rules.inputLimit + 1)
        draft.inputs = items.enumerated().map { Self.input($0.element, "input[\($0.offset)]", &reader) }
        let options = reader.object(members["options"], "options")
        draft.options = Self.options(options ?? [:], "options", &reader)
        if let segments = reader.list(members["segments"], "segments"), !segments.isEmpty {
            draft.segments = segments.prefix(rules.segmentLimit + 1).enumerated().map {
                Self.segment($0.element, "segments[\($0.offset)]", &reader)
            }
        }
        if let dub = reader.object(members["dubParams"], "dubParams") {
            draft.dub = DubDraft(
                provider: reader.text(dub["providerName"], "dubParams.providerName"),
                targetLanguage: reader.text(dub["targetLang"], "dubParams.targetLang"),
                sourceLanguage: reader.text(dub["sourceLang"], "dubParams.sourceLang"),
                speakerCount: reader.number(dub["numSpeakers"], "dubParams.numSpeakers"),
                dropsBackground: reader.flag(dub["dropBackgroundAudio"], "dubParams.dropBackgroundAudio"))
        }
        draft.webhookURL = reader.text(members["webhookUrl"], "webhookUrl").flatMap { $0.isEmpty ? nil : $0 }
        draft.outputFileName = reader.text(members["outputFileName"], "outputFileName")
        project = reader.text(members["projectId"], "projectId").flatMap { $0.isEmpty ? nil : $0 }
        for name in ["input", "options", "segments", "dubParams"] {
            if let value = members[name], !value.isNull { draft.echo[name] = value }
        }
        draft.problems = reader.problems.map(FieldProblem.init)
        self.draft = draft
        fields = .object(members.filter { Self.names.contains($0.key) && !$0.value.isNull })
    }

    private static let names: Set<String> = [
        "model", "input", "options", "segments", "webhookUrl", "outputFileName", "dubParams", "projectId",
        "dialogueEdit",
    ]

    /// The largest body that is kept and echoed, in bytes: boxes for some 10,000 frames. Lists show a hundred at once.
    private static let keptByteLimit = 256 << 10

    /// Refuses what this server cannot do, however well it is put.
    func checkOffer() throws(SyncError) {
        guard fields.utf8.count <= Self.keptByteLimit else {
            throw SyncError(
                .generationInputValidationFailed,
                "The request has more than \(Self.keptByteLimit) bytes of options, inputs and segments.",
                suggestion: "Put long lists of boxes behind bounding_boxes_url.", field: "options")
        }
        if fields["dialogueEdit"] != nil { throw SyncError(.dialogueEditUnsupported, field: "dialogueEdit") }
    }

    private static func input(_ value: JSONValue, _ field: String, _ reader: inout FieldReader) -> InputDraft {
        guard let item = reader.object(value, field) else { return InputDraft() }
        var draft = InputDraft(
            type: reader.text(item["type"], "\(field).type"), url: reader.text(item["url"], "\(field).url"),
            assetID: reader.text(item["assetId"], "\(field).assetId").flatMap { $0.isEmpty ? nil : $0 },
            referenceName: reader.text(item["refId"], "\(field).refId"))
        if let provider = reader.object(item["provider"], "\(field).provider") {
            draft.provider = SpeechDraft(
                name: reader.text(provider["name"], "\(field).provider.name"),
                voiceID: reader.text(provider["voiceId"], "\(field).provider.voiceId"),
                script: reader.text(provider["script"], "\(field).provider.script"),
                stability: reader.number(provider["stability"], "\(field).provider.stability"),
                similarityBoost: reader.number(provider["similarityBoost"], "\(field).provider.similarityBoost"))
        }
        draft.segmentsInSeconds = reader.numberLists(item["segments_secs"], "\(field).segments_secs")?.map { $0 ?? [] }
        draft.segmentsInFrames = reader.numberLists(item["segments_frames"], "\(field).segments_frames")?
            .map { $0 ?? [] }
        return draft
    }

    private static func options(
        _ options: [String: JSONValue], _ field: String, _ reader: inout FieldReader
    ) -> OptionsDraft {
        var draft = OptionsDraft(
            syncMode: reader.text(options["sync_mode"], "\(field).sync_mode"),
            temperature: reader.number(options["temperature"], "\(field).temperature"),
            detectsOcclusion: reader.flag(
                options["occlusion_detection_enabled"], "\(field).occlusion_detection_enabled"),
            modelMode: reader.text(options["model_mode"], "\(field).model_mode"),
            emotion: reader.text(options["prompt"], "\(field).prompt"),
            pictureDescription: reader.text(options["i2v_prompt"], "\(field).i2v_prompt"))
        let speakerField = "\(field).active_speaker_detection"
        if let speaker = reader.object(options["active_speaker_detection"], speakerField) {
            draft.speaker = SpeakerDraft(
                isAutomatic: reader.flag(speaker["auto_detect"], "\(speakerField).auto_detect"),
                frame: reader.number(speaker["frame_number"], "\(speakerField).frame_number"),
                coordinates: reader.numbers(speaker["coordinates"], "\(speakerField).coordinates"),
                boxes: reader.numberLists(speaker["bounding_boxes"], "\(speakerField).bounding_boxes"),
                boxesURL: reader.text(speaker["bounding_boxes_url"], "\(speakerField).bounding_boxes_url"))
            // ComfyUI's node puts the switch one level too deep.
            if draft.detectsOcclusion == nil {
                draft.detectsOcclusion = reader.flag(
                    speaker["occlusion_detection_enabled"], "\(speakerField).occlusion_detection_enabled")
            }
        } else if let isAutomatic = reader.flag(options["active_speaker"], "\(field).active_speaker"), isAutomatic {
            // The 2025 clients' switch.
            draft.speaker = SpeakerDraft(isAutomatic: true)
        }
        return draft
    }

    private static func segment(_ value: JSONValue, _ field: String, _ reader: inout FieldReader) -> SegmentDraft {
        guard let segment = reader.object(value, field) else { return SegmentDraft() }
        let sound = reader.object(segment["audioInput"], "\(field).audioInput") ?? [:]
        let override = reader.object(segment["optionsOverride"], "\(field).optionsOverride") ?? [:]
        // Only these four may differ in a segment.
        let allowed = override.filter {
            ["sync_mode", "temperature", "occlusion_detection_enabled", "active_speaker_detection"].contains($0.key)
        }
        return SegmentDraft(
            start: reader.number(segment["startTime"], "\(field).startTime"),
            end: reader.number(segment["endTime"], "\(field).endTime"),
            referenceName: reader.text(sound["refId"], "\(field).audioInput.refId"),
            voiceStart: reader.number(sound["startTime"], "\(field).audioInput.startTime"),
            voiceEnd: reader.number(sound["endTime"], "\(field).audioInput.endTime"),
            options: options(allowed, "\(field).optionsOverride", &reader))
    }
}
