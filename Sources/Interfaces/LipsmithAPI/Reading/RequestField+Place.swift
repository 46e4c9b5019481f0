import Generations

extension RequestField {
    /// The place as this interface's answers name it: a path in a request's JSON, a parameter or a header.
    var place: String {
        switch self {
        case .voice: "text.voice"
        case .script: "text.script"
        case .dubbing: "dubbing"
        case .targetLanguage: "targetLanguage"
        // An order has the medium whose mouth changes first; its own name for it is given by who reads the order.
        case .inputs, .inputAddress, .inputAsset: "order"
        case .asset: "asset"
        case .address: "url"
        case .name: "name"
        case .identifier: "id"
        case .project: "project"
        case .cursor: "cursor"
        case .idempotencyKey: "Idempotency-Key"
        case .named(let name): name
        }
    }
}
