import Generations
import Text
import WebInterface

/// Organisations as answers name them.
struct OrganisationNames {
    private let names: [OrganisationID: String]

    init(_ directory: OrganisationDirectory) async throws { names = try await directory.names() }

    /// `{"id", "name"}`.
    func json(_ id: OrganisationID) -> JSONValue {
        ["id": .string(id.rawValue), "name": .string(names[id] ?? id.rawValue)]
    }

    static let schema = Schema.object(["id": .uuid, "name": .string], required: ["id", "name"])
}
