public import Text

/// A complete, valid request, whichever interface it came by: what is to be made, and what is to happen around it.
public struct GenerationRequest: Hashable, Sendable {
    /// The form in which requests are stored; a reader accepts it and every earlier one.
    public static let storedVersion = 1

    /// The model's name as the client sent it.
    public var model: String
    public var order: Order
    /// Credits that were charged at admission; `nil` where none are counted. `JobConclusion` refunds them unless the job
    /// completes.
    public var credits: Int?
    /// The sanitised name of the output without extension.
    public var outputFileName: String?
    /// The address that is called at the end.
    public var webhookURL: String?
    /// Names and values of the client's own.
    public var metadata: [String: String]
    /// What people call the output; `nil` for its file's name.
    public var title: String?
    /// What the client has said about the consent of the people who are seen and heard; `nil` where it has said nothing.
    public var consent: String?
    /// Names and values by which the interface filters its lists (`GenerationFilter.labels`).
    public var labels: [String: String]
    /// What the interface shows again as it was sent; the domain does not look into it.
    public var echo: [String: JSONValue]

    public init(
        model: String, order: Order, credits: Int? = nil, outputFileName: String? = nil, webhookURL: String? = nil,
        metadata: [String: String] = [:], title: String? = nil, consent: String? = nil,
        labels: [String: String] = [:], echo: [String: JSONValue] = [:]
    ) {
        self.consent = consent
        self.model = model
        self.order = order
        self.credits = credits
        self.outputFileName = outputFileName
        self.webhookURL = webhookURL
        self.metadata = metadata
        self.title = title
        self.labels = labels
        self.echo = echo
    }
}

extension GenerationRequest {
    public var kind: GenerationKind { order.kind }

    /// The media and texts that are needed, in the order in which they were sent.
    public var inputs: [MediaInput] { order.inputs }

    /// The order for new mouths in a video; `nil` for other kinds of work. Set to `nil`, it changes nothing.
    public var lipSync: LipSyncOrder? {
        get { if case .lipSync(let order) = order { order } else { nil } }
        set { if let newValue { order = .lipSync(newValue) } }
    }

    /// The order for an animated picture; `nil` for other kinds of work. Set to `nil`, it changes nothing.
    public var animation: AnimationOrder? {
        get { if case .animation(let order) = order { order } else { nil } }
        set { if let newValue { order = .animation(newValue) } }
    }

    /// The parameters of an animation: those of its own order, or those by which an interface ordered a lip sync
    /// (`LipSyncOrder.animation`).
    public var animationParameters: AnimationParameters? { animation?.parameters ?? lipSync?.animation }

    /// The asset that the one spoken text becomes, where one was promised.
    public var speechAsset: AssetID? { animation?.speechAsset ?? lipSync?.speechAsset }

    /// What kind of medium comes of it; `nil` for a voice, which is none.
    public var outputKind: MediaKind? {
        switch order {
        case .cloning: nil
        case .speech, .cleaning, .conversion: .audio
        case .upscaling(let input, _): input.kind
        case .lipSync, .animation: .video
        }
    }
}

extension GenerationRequest: JSONRepresentable {
    /// Reads the stored form, of this version or an earlier one.
    public init(json: JSONValue) throws {
        guard let version = json["version"]?.int, (1...Self.storedVersion).contains(version) else {
            throw JSONFormError("request of an unknown version")
        }
        self.init(
            model: try json.requiredText("model"), order: try Order(json: json), credits: json["credits"]?.int,
            outputFileName: json["outputFileName"]?.text, webhookURL: json["webhook"]?.text,
            metadata: (json["metadata"]?.object ?? [:]).compactMapValues(\.text), title: json["title"]?.text,
            consent: json["consent"]?.text,
            labels: (json["labels"]?.object ?? [:]).compactMapValues(\.text), echo: json["echo"]?.object ?? [:])
    }

    /// The stored form: one object, in which the order's members stand beside the others.
    public var json: JSONValue {
        let envelope = JSONValue.compact([
            "version": .integer(Int64(Self.storedVersion)), "model": .string(model),
            "credits": credits.map { .integer(Int64($0)) }, "outputFileName": outputFileName.map(JSONValue.string),
            "webhook": webhookURL.map(JSONValue.string),
            "metadata": metadata.isEmpty ? nil : .object(metadata.mapValues(JSONValue.string)),
            "title": title.map(JSONValue.string), "consent": consent.map(JSONValue.string),
            "labels": labels.isEmpty ? nil : .object(labels.mapValues(JSONValue.string)),
            "echo": echo.isEmpty ? nil : .object(echo),
        ])
        return .object((envelope.object ?? [:]).merging(order.members) { $1 })
    }
}

extension Order {
    /// Reads the order out of a stored request.
    fileprivate init(json: JSONValue) throws {
        guard let kind = GenerationKind(rawValue: try json.requiredText("kind")) else {
            throw JSONFormError("request of an unknown kind")
        }
        let inputs = try json.list("inputs", of: MediaInput.self)
        let animation = try json["animation"].map(AnimationParameters.init(json:))
        let speechAsset = json["speechAsset"]?.text.map(AssetID.init(rawValue:))
        func only() throws -> MediaInput {
            guard let input = inputs.first else { throw JSONFormError("request without input") }
            return input
        }
        switch kind {
        case .lipSync:
            self = .lipSync(
                LipSyncOrder(
                    inputs: inputs, options: try GenerationOptions(json: json["options"] ?? [:]),
                    segments: try json.list("segments", of: Segment.self),
                    dub: try json["dub"].map(DubParameters.init(json:)), animation: animation,
                    speechAsset: speechAsset))
        case .photoAnimation:
            self = .animation(
                AnimationOrder(
                    inputs: inputs, parameters: animation ?? AnimationParameters(prompt: ""),
                    speechAsset: speechAsset))
        case .speech:
            guard case .script(let script) = try only().source else { throw JSONFormError("speech without a text") }
            self = .speech(script)
        case .voiceIsolation: self = .cleaning(try only())
        case .upscaling:
            self = .upscaling(try only(), json["enlargement"].map(Upscaling.init(json:)) ?? Upscaling(.usual))
        case .voiceConversion: self = .conversion(try only(), voiceID: json["voiceID"]?.text ?? "")
        case .voiceCloning: self = .cloning(try only())
        }
    }

    /// The order's members of a stored request.
    fileprivate var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "kind": .string(kind.rawValue), "inputs": .array(inputs.map(\.json)), "options": [:],
        ]
        switch self {
        case .lipSync(let order):
            members["options"] = order.options.json
            if !order.segments.isEmpty { members["segments"] = .array(order.segments.map(\.json)) }
            members["dub"] = order.dub?.json
            members["animation"] = order.animation?.json
            members["speechAsset"] = order.speechAsset.map { .string($0.rawValue) }
        case .animation(let order):
            members["animation"] = order.parameters.json
            members["speechAsset"] = order.speechAsset.map { .string($0.rawValue) }
        case .upscaling(_, let upscaling): members["enlargement"] = upscaling.json
        case .conversion(_, let voiceID): members["voiceID"] = .string(voiceID)
        case .speech, .cleaning, .cloning: break
        }
        return members
    }
}
