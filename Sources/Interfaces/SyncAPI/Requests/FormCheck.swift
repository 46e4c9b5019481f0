import Generations

/// The step that looks at each field alone: there or not, range, list of allowed words. All problems are collected.
struct FormCheck {
    struct Result {
        var inputs: [MediaInput] = []
        var options = GenerationOptions()
        var segmentOptions: [GenerationOptions] = []
        var dub: DubParameters?
    }

    let rules: ValidationRules
    var problems: [FieldProblem]

    static func check(_ draft: RequestDraft, rules: ValidationRules) throws(SyncError) -> Result {
        var check = FormCheck(rules: rules, problems: draft.problems)
        let result = check.read(draft)
        if let refusal = SyncError(check.problems) { throw refusal }
        return result
    }

    private mutating func report(_ field: String, _ predicate: String) {
        // A request can have thousands of wrong items; an answer of a page is enough.
        if problems.count < 20 { problems.append(FieldProblem(field: field, predicate)) }
    }

    private mutating func read(_ draft: RequestDraft) -> Result {
        var result = Result()
        if draft.model?.isEmpty ?? true, !isReported("model") { report("model", "must be given.") }
        if draft.inputs.isEmpty, !isReported("input") { report("input", "must have at least one item.") }
        if draft.inputs.count > rules.inputLimit { report("input", "has more than \(rules.inputLimit) items.") }
        for (index, input) in draft.inputs.prefix(rules.inputLimit).enumerated() {
            if let input = read(input, field: "input[\(index)]") { result.inputs.append(input) }
        }
        result.options = read(draft.options, field: "options")
        if let segments = draft.segments {
            if segments.count > rules.segmentLimit { report("segments", "has more than \(rules.segmentLimit) items.") }
            result.segmentOptions = segments.prefix(rules.segmentLimit).enumerated().map { index, segment in
                read(segment.options, field: "segments[\(index)].optionsOverride")
            }
        }
        if let dub = draft.dub { result.dub = read(dub) }
        if let url = draft.webhookURL { checkWebhook(url) }
        if let name = draft.outputFileName, name.count > OutputFileName.limit {
            report("outputFileName", "is longer than \(OutputFileName.limit) characters.")
        }
        checkMetadata(draft.metadata)
        return result
    }

    private func isReported(_ field: String) -> Bool { problems.contains { $0.field == field } }

    private mutating func read(_ draft: InputDraft, field: String) -> MediaInput? {
        guard let type = draft.type, let kind = MediaKind(rawValue: type) else {
            if !isReported("\(field).type") { report("\(field).type", "must be video, image, audio or text.") }
            return nil
        }
        let role: InputRole = kind == .video || kind == .image ? .visual : .voice
        if kind == .text {
            guard let provider = draft.provider else {
                report("\(field).provider", "must be given with a text.")
                return nil
            }
            guard let speech = read(provider, prefix: "\(field).provider.", nameField: "name") else { return nil }
            return MediaInput(kind: kind, role: role, source: .script(speech), referenceName: draft.referenceName)
        }
        // An asset is the more exact of the two where a request names both.
        if let assetID = draft.assetID {
            // Of another form than a UUID it is refused by who looks for it.
            let id = AssetID(parsing: assetID) ?? AssetID(rawValue: assetID)
            return MediaInput(kind: kind, role: role, source: .asset(id), referenceName: draft.referenceName)
        }
        guard let url = draft.url, !url.isEmpty else {
            report("\(field).url", "or assetId must be given.")
            return nil
        }
        if let problem = WebAddress.problem(in: url, limit: rules.addressLimit) {
            report("\(field).url", problem)
            return nil
        }
        return MediaInput(kind: kind, role: role, source: .url(url), referenceName: draft.referenceName)
    }

    /// A text to be spoken alone; its fields stand at the top of the request.
    static func check(_ draft: SpeechDraft, problems: [FieldProblem], rules: ValidationRules) throws(SyncError)
        -> SpeechRequest
    {
        var check = FormCheck(rules: rules, problems: problems)
        let request = check.read(draft, prefix: "", nameField: "provider")
        if let refusal = SyncError(check.problems) { throw refusal }
        guard let request else { throw SyncError(.generationInputValidationFailed) }
        return request
    }

    private mutating func read(_ draft: SpeechDraft, prefix: String, nameField: String) -> SpeechRequest? {
        let before = problems.count
        if !rules.speechProviders.contains(draft.name ?? "") {
            report(prefix + nameField, "must be \(rules.speechProviders.sorted().joined(separator: " or ")).")
        }
        if draft.voiceID?.isEmpty ?? true { report(prefix + "voiceId", "must be given.") }
        let script = draft.script ?? ""
        // A character may be made of any number of parts.
        if !(1...rules.scriptLimit).contains(script.count) || script.utf8.count > rules.scriptLimit * 64 {
            report(prefix + "script", "must have 1 to \(rules.scriptLimit) characters.")
        } else if !SpeakableText.isSpeakable(script) {
            report(prefix + "script", "has nothing that can be spoken.")
        }
        checkUnit(draft.stability, prefix + "stability")
        checkUnit(draft.similarityBoost, prefix + "similarityBoost")
        guard problems.count == before, let name = draft.name, let voice = draft.voiceID else { return nil }
        return SpeechRequest(
            provider: name, voiceID: voice, script: script, stability: draft.stability ?? 0.5,
            similarityBoost: draft.similarityBoost ?? 0.75)
    }

    private mutating func read(_ draft: OptionsDraft, field: String) -> GenerationOptions {
        checkUnit(draft.temperature, "\(field).temperature")
        return GenerationOptions(
            syncMode: word(draft.syncMode, "\(field).sync_mode"), temperature: draft.temperature,
            detectsOcclusion: draft.detectsOcclusion, modelMode: word(draft.modelMode, "\(field).model_mode"),
            emotion: word(draft.emotion, "\(field).prompt"))
    }

    private mutating func read(_ draft: DubDraft) -> DubParameters {
        let provider = draft.provider ?? "elevenlabs"
        if provider != "elevenlabs" { report("dubParams.providerName", "must be elevenlabs.") }
        if !DubLanguages.codes.contains(draft.targetLanguage ?? "") {
            report("dubParams.targetLang", "must be the code of a language that can be dubbed.")
        }
        let source = draft.sourceLanguage ?? "auto"
        if !(1...35).contains(source.count) { report("dubParams.sourceLang", "must be a language code or auto.") }
        if let count = draft.speakerCount, !(0...50).contains(count) || count != count.rounded() {
            report("dubParams.numSpeakers", "must be a whole number from 0 to 50.")
        }
        return DubParameters(
            provider: provider, targetLanguage: draft.targetLanguage ?? "", sourceLanguage: source,
            speakerCount: draft.speakerCount.flatMap { Int(exactly: $0) } ?? 0,
            dropsBackground: draft.dropsBackground ?? false)
    }

    private mutating func checkWebhook(_ url: String) {
        let schemes: Set<String> = rules.allowsPlainWebhooks ? ["http", "https"] : ["https"]
        if let problem = WebAddress.problem(in: url, schemes: schemes, limit: rules.addressLimit) {
            report("webhookUrl", problem)
        }
    }

    private mutating func checkMetadata(_ metadata: [String: String]) {
        if metadata.count > rules.metadataCountLimit {
            report("metadata", "has more than \(rules.metadataCountLimit) names.")
        }
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
            if !(1...rules.metadataNameLimit).contains(name.count) {
                report("metadata", "has a name that is empty or longer than \(rules.metadataNameLimit) characters.")
            }
            if value.count > rules.metadataValueLimit {
                report("metadata", "has a value longer than \(rules.metadataValueLimit) characters.")
            }
        }
    }

    private mutating func checkUnit(_ value: Double?, _ field: String) {
        if let value, !(0...1).contains(value) { report(field, "must be a number from 0 to 1.") }
    }

    private mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ text: String?, _ field: String
    ) -> Word? {
        guard let text else { return nil }
        if let word = Word(rawValue: text) { return word }
        report(field, "must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", ")).")
        return nil
    }
}
