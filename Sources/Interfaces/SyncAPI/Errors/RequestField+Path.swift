import Generations

extension RequestField {
    /// The place as Sync's answers name it: a path in the request's JSON, a part of its form or a header.
    var syncPath: String {
        switch self {
        case .voice: "voiceId"
        case .script: "script"
        case .dubbing: "dubParams"
        case .targetLanguage: "dubParams.targetLang"
        case .inputs: "input"
        case .inputAddress(let index): "input[\(index)].url"
        case .inputAsset(let index): "input[\(index)].assetId"
        case .asset: "assetId"
        case .address: "url"
        case .name: "name"
        case .identifier: "id"
        case .project: "projectId"
        case .cursor: "cursor"
        case .idempotencyKey: "Idempotency-Key"
        case .named(let name): name
        }
    }
}
