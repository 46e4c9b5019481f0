import Access
public import Generations
public import Text
import Time
import WebInterface

/// A generation as the interface shows it, in answers and webhooks.
public struct GenerationView: Sendable {
    private let links: SignedLinks
    private let address: PublicAddress

    init(links: SignedLinks, address: PublicAddress) {
        self.links = links
        self.address = address
    }

    /// The view for a message of our own, such as a webhook or a batch's file of results.
    public func json(_ generation: Generation) -> JSONValue {
        json(generation, base: address.base(for: generation))
    }

    func json(_ generation: Generation, base: String, showsProgress: Bool = false) -> JSONValue {
        let request = generation.request
        let code = JSONValue.text(generation.failure?.syncCode.rawValue)
        var members: [String: JSONValue] = [
            "id": .string(generation.id.rawValue), "createdAt": .string(generation.createdAt.iso8601),
            "status": .string(Self.word(for: generation.status)), "model": .string(request.model),
            "input": addingLinks(to: request.echo["input"] ?? .array(request.inputs.map(Self.input)), request, base),
            "options": request.echo["options"] ?? .null, "segments": request.echo["segments"] ?? .null,
            "webhookUrl": .text(request.webhookURL),
            "outputUrl": .null, "segmentOutputUrl": .null, "outputDuration": .null,
            "outputFileName": .text(request.outputFileName),
            "projectId": .text(generation.project?.rawValue),
            "error": .text(generation.failure?.message), "errorCode": code, "error_code": code,
        ]
        if let dub = request.echo["dubParams"] { members["dubParams"] = dub }
        if request.inputs.contains(where: { $0.kind == .text }) { members["synthesizedAudioUrl"] = .null }
        if let output = generation.output {
            members["outputUrl"] = .string(links.url(.result, generation.id, base: base))
            members["outputDuration"] = .seconds(output.durationSeconds)
            if output.segmentBlob != nil {
                members["segmentOutputUrl"] = .string(links.url(.segment, generation.id, base: base))
            }
            if output.speechBlob != nil {
                members["synthesizedAudioUrl"] = .string(links.url(.speech, generation.id, base: base))
            }
        }
        if showsProgress {
            let share = generation.status == .completed ? 1 : generation.progress
            members["progress_percent"] = .integer(Int64((share * 100).rounded(.down)))
        }
        return .object(members)
    }

    /// The contract's word for a status.
    static func word(for status: GenerationStatus) -> String {
        switch status {
        case .pending: "PENDING"
        case .processing, .finalizing: "PROCESSING"
        case .completed: "COMPLETED"
        case .failed: "FAILED"
        case .rejected: "REJECTED"
        }
    }

    /// Words for statuses of early clients, which nothing has any more.
    private static let retiredWords: Set<String> = ["CANCELED", "CANCELLED", "TIMED_OUT"]

    /// The statuses that a word of the contract stands for, none for a retired one; nil for another word.
    static func statuses(for word: String) -> Set<GenerationStatus>? {
        if retiredWords.contains(word) { return [] }
        let found = GenerationStatus.allCases.filter { self.word(for: $0) == word }
        return found.isEmpty ? nil : Set(found)
    }

    /// Inputs with the addresses of those assets that lie at somebody else's and were never stored here.
    static func addingAddresses(of assets: some Sequence<Asset>, to inputs: JSONValue) -> JSONValue {
        var addresses: [String: String] = [:]
        for asset in assets where asset.blob == nil { addresses[asset.id.rawValue] = asset.remoteURL }
        return addingAddresses(to: inputs) { addresses[$0] }
    }

    /// Inputs with a link to each asset: clients' types demand an address of every medium.
    ///
    /// Only what the request really uses gets one. An input that is ignored was not looked up, so it may name somebody
    /// else's.
    private func addingLinks(to inputs: JSONValue, _ request: GenerationRequest, _ base: String) -> JSONValue {
        var used: Set<String> = []
        for input in request.inputs {
            if case .asset(let id) = input.source { used.insert(id.rawValue) }
        }
        if used.isEmpty { return inputs }
        return Self.addingAddresses(to: inputs) { id in
            used.contains(id) ? links.url(.asset, AssetID(rawValue: id), base: base) : nil
        }
    }

    /// Inputs with an address beside each `assetId` that has none and for which `address` knows one.
    private static func addingAddresses(to inputs: JSONValue, _ address: (String) -> String?) -> JSONValue {
        guard let items = inputs.array else { return inputs }
        return .array(
            items.map { item in
                guard var members = item.object, let id = members["assetId"]?.text.flatMap(AssetID.init(parsing:)),
                    members["url"]?.text?.isEmpty ?? true, let url = address(id.rawValue)
                else { return item }
                members["url"] = .string(url)
                return .object(members)
            })
    }

    /// An input that came by the other interface.
    private static func input(_ input: MediaInput) -> JSONValue {
        var members: [String: JSONValue] = ["type": .string(input.kind.rawValue)]
        switch input.source {
        case .url(let url): members["url"] = .string(url)
        case .asset(let asset): members["assetId"] = .string(asset.rawValue)
        case .script(let speech):
            members["provider"] = [
                "name": .string(speech.provider), "voiceId": .string(speech.voiceID), "script": .string(speech.script),
            ]
        }
        return .object(members)
    }
}
