import Generations
import Text
import WebInterface

/// A session as answers show it.
struct SessionView {
    let names: OrganisationNames
    /// The session that asks; nil where it is a key.
    let current: SessionID?

    func json(_ session: Session) -> JSONValue {
        [
            "id": .string(session.id.rawValue), "role": .string(session.role.rawValue),
            "organisation": names.json(session.organisation), "createdAt": .time(session.createdAt),
            "lastUsedAt": .time(session.lastUsedAt), "expiresAt": .time(session.expiresAt),
            "client": .string(session.client), "isCurrent": .bool(session.id == current),
        ]
    }

    static let schema = Schema.object(
        [
            "id": .uuid, "role": .oneWord(of: Role.self), "organisation": OrganisationNames.schema,
            "createdAt": .time, "lastUsedAt": .time, "expiresAt": .time, "client": .string, "isCurrent": .boolean,
        ],
        required: [
            "id", "role", "organisation", "createdAt", "lastUsedAt", "expiresAt", "client", "isCurrent",
        ])
}
