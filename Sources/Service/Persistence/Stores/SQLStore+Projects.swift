public import Generations

extension SQLStore: ProjectStore {
    private static let projectColumns = """
        id, organisation, name, summary, visibility, mode, workflow, created_ms, updated_ms
        """

    /// How many generations are taken out of a project by one statement.
    private static let clearedCount = 5000

    /// Stores a new project, or gives the one of that name.
    public func createProject(_ project: Project) async throws -> Project {
        try await write { connection in
            let existing = try connection.first(
                "SELECT \(Self.projectColumns), deleted_ms FROM projects WHERE id = ?", [.id(project.id)]
            ) { (try Self.readProject($0), $0.optionalTime(9)) }
            if let (known, deletedAt) = existing {
                return try project.replay(of: known, isDeleted: deletedAt != nil)
            }
            try connection.execute(
                "INSERT INTO projects (\(Self.projectColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    .id(project.id), .id(project.organisation), .text(project.name), .optional(project.summary),
                    .text(project.visibility.rawValue), .text(project.mode), .optional(project.defaultWorkflow),
                    .time(project.createdAt), .time(project.updatedAt),
                ])
            return project
        }
    }

    public func project(_ id: ProjectID, organisation: OrganisationID) async throws -> Project? {
        try await read { try Self.project(id, organisation: organisation, $0) }
    }

    /// A page of projects.
    public func projects(
        organisation: OrganisationID, search: String?, sort: ProjectSort, after cursor: ProjectID?, limit: Int
    ) async throws -> Page<Project> {
        try await read { [damaged] connection in
            if let cursor {
                let isKnown = try connection.first(
                    "SELECT 1 FROM projects WHERE id = ? AND organisation = ? AND deleted_ms IS NULL",
                    [.id(cursor), .id(organisation)]
                ) { _ in true }
                guard isKnown != nil else {
                    throw GenerationError.cursorGone("project of this organisation")
                }
            }
            let (column, comparison, direction) = sort == .name ? ("name", ">", "ASC") : ("updated_ms", "<", "DESC")
            let found = try DamagedRows.filled(limit + 1, after: cursor?.rawValue) { last, count in
                var text = "SELECT \(Self.projectColumns) FROM projects WHERE organisation = ? AND deleted_ms IS NULL"
                var values: [SQLValue] = [.id(organisation)]
                if let search, !search.isEmpty {
                    text += " AND name \(connection.dialect.like) ? ESCAPE '!'"
                    values.append(.text(containsPattern(search)))
                }
                if let last {
                    text += " AND (\(column), id) \(comparison) (SELECT \(column), id FROM projects WHERE id = ?)"
                    values.append(.text(last))
                }
                text += " ORDER BY \(column) \(direction), id \(direction) LIMIT ?"
                values.append(.integer(Int64(count)))
                return try connection.all(text, values) { row in
                    (row.text(0), try damaged.readable("project", row, Self.readProject))
                }
            }
            return Page(items: Array(found.prefix(limit)), hasMore: found.count > limit)
        }
    }

    /// Stores a changed project.
    public func updateProject(_ project: Project) async throws -> Bool {
        try await write { connection in
            try connection.change(
                """
                UPDATE projects SET name = ?, summary = ?, visibility = ?, mode = ?, workflow = ?, updated_ms = ?
                WHERE id = ? AND organisation = ? AND deleted_ms IS NULL
                """,
                [
                    .text(project.name), .optional(project.summary), .text(project.visibility.rawValue),
                    .text(project.mode), .optional(project.defaultWorkflow), .time(project.updatedAt),
                    .id(project.id), .id(project.organisation),
                ]) == 1
        }
    }

    /// Removes a project and keeps what was filed under it. Its identifier stays taken.
    public func deleteProject(_ id: ProjectID, organisation: OrganisationID) async throws -> Bool {
        try await write { connection in
            let isFound =
                try connection.change(
                    """
                    UPDATE projects SET deleted_ms = updated_ms
                    WHERE id = ? AND organisation = ? AND deleted_ms IS NULL
                    """, [.id(id), .id(organisation)]) == 1
            guard isFound else { return false }
            try connection.execute("DELETE FROM project_assets WHERE project = ?", [.id(id)])
            // No statement may take long, however many there are.
            var count = 0
            repeat {
                count = try connection.change(
                    """
                    UPDATE generations SET project = NULL WHERE id IN (SELECT id FROM generations WHERE project = ? LIMIT ?)
                    """, [.id(id), .integer(Int64(Self.clearedCount))])
            } while count == Self.clearedCount
            return true
        }
    }

    /// Files an asset under a project.
    public func attach(_ asset: AssetID, to project: ProjectID, organisation: OrganisationID) async throws {
        try await write { connection in
            let known = try Self.project(
                project, organisation: organisation, locking: connection.dialect.sharing, connection)
            guard known != nil else { throw GenerationError(.projectNotFound) }
            guard let found = try Self.asset(asset, connection) else { throw GenerationError(.assetNotFound) }
            guard found.organisation == organisation else { throw GenerationError(.assetForeign) }
            try connection.execute(
                "INSERT INTO project_assets VALUES (?, ?) ON CONFLICT DO NOTHING", [.id(project), .id(asset)])
        }
    }

    /// - Parameter locking: How the row is kept from others, a fragment of `SQLDialect`.
    static func project(
        _ id: ProjectID, organisation: OrganisationID, locking: String = "", _ connection: any Connection
    ) throws -> Project? {
        try connection.first(
            "SELECT \(projectColumns) FROM projects WHERE id = ? AND organisation = ? AND deleted_ms IS NULL\(locking)",
            [.id(id), .id(organisation)]
        ) { try readProject($0) }
    }

    private static func readProject(_ row: Row) throws -> Project {
        var project = Project(
            id: row.id(0), organisation: row.id(1), createdAt: row.time(7), name: row.text(2),
            summary: row.optionalText(3), visibility: try row.word(4), mode: row.text(5),
            defaultWorkflow: row.optionalText(6))
        project.updatedAt = row.time(8)
        return project
    }
}
