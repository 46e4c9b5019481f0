import Generations
import Text
import WebInterface

/// The fields that every kind of job has.
struct CommonFields {
    private(set) var workspaceID: String?
    private(set) var agentThreadID: String?
    private(set) var name: String?
    private var generationID: String?
    private var generationIDs: [String]?
    private var assetID: String?
    private var assetIDs: [String]?

    /// Reads them; what is wrong goes into the reader.
    ///
    /// - Parameter batchSize: How many generations are asked for; nil where that cannot be read.
    init(_ reader: inout FieldReader, batchSize: Int?) {
        workspaceID = reader.text("workspace_id")
        agentThreadID = reader.uuid("agent_thread_id")
        name = reader.text("name", most: 255)
        generationID = reader.uuid("generation_id")
        generationIDs = reader.someUUIDs("generation_ids")
        assetID = reader.uuid("reserved_asset_id")
        assetIDs = reader.someUUIDs("reserved_asset_ids")
        guard let batchSize else { return }
        Self.check(
            single: (generationID, "generation_id"), list: (generationIDs, "generation_ids"), count: batchSize, &reader)
        Self.check(
            single: (assetID, "reserved_asset_id"), list: (assetIDs, "reserved_asset_ids"), count: batchSize, &reader)
    }

    private static func check(
        single: (id: String?, name: String), list: (ids: [String]?, name: String), count: Int,
        _ reader: inout FieldReader
    ) {
        func refuse(_ name: String, _ message: String) {
            reader.report(.value(reader.place(name), message, input: reader.members[name]))
        }
        if single.id != nil, list.ids != nil {
            return refuse(list.name, "\(single.name) and \(list.name) exclude each other")
        }
        if single.id != nil, count > 1 { return refuse(single.name, "a batch takes \(list.name)") }
        guard let ids = list.ids else { return }
        if ids.count != count { refuse(list.name, "\(list.name) must have as many items as batch_size") }
        if Set(ids).count != ids.count { refuse(list.name, "\(list.name) must not name one twice") }
    }

    /// Whether the client has chosen names of generations.
    var reservesGenerations: Bool { generationID != nil || generationIDs != nil }

    private var reservedAssets: [AssetID] { (assetIDs ?? assetID.map { [$0] } ?? []).map(AssetID.init(rawValue:)) }

    /// The name of a part.
    func generation(_ index: Int) -> GenerationID {
        (generationIDs?[index] ?? generationID).map(GenerationID.init(rawValue:)) ?? GenerationID()
    }

    /// The name of what a part makes.
    func asset(_ index: Int) -> AssetID {
        let reserved = reservedAssets
        return reserved.indices.contains(index) ? reserved[index] : AssetID()
    }

    /// The fields as they are shown again.
    var echo: [String: JSONValue] {
        [
            "workspace_id": .text(workspaceID), "agent_thread_id": .text(agentThreadID), "name": .text(name),
            "generation_id": .text(generationID), "generation_ids": .texts(generationIDs),
            "reserved_asset_id": .text(assetID), "reserved_asset_ids": .texts(assetIDs),
        ]
    }
}

/// A checked request, ready to become generations.
struct Submission {
    /// The kind of job, as the client named it.
    var type: String
    var common: CommonFields
    var batchSize = 1
    /// The client's own name of the batch.
    var batchName: String?
    /// The request as it is shown again.
    var echo: [String: JSONValue]
    /// What to do, but for what differs between parts.
    var request: GenerationRequest
    /// Where random numbers begin; each part counts on from it.
    var seed: Int64?
    /// What lists are searched for.
    var prompt: String
    /// What one part costs.
    var credits = 0

    /// A name for what was understood: bodies that mean the same have the same. Reserved names are left out, which may be
    /// one or a list of one.
    var digest: String {
        var members = echo
        for name in ["generation_id", "generation_ids"] { members[name] = nil }
        return GenerationController.digest(of: members)
    }
}
