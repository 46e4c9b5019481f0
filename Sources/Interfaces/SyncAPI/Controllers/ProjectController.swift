import Generations
import HTTP
import Text
import Time
import WebInterface

/// Projects: folders of generations and assets.
struct ProjectController: Sendable {
    let store: any AssetStore & ProjectStore
    let clock: any WallClock

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v2/projects", id: "ProjectsController_create", tag: "Projects", summary: "Make a project.",
                body: [.json(ProjectBody.schema(isNew: true))], statuses: [201], answer: .json(.named("Project"))
            ) { call in
                let body = try ProjectBody(try await call.fields(), isNew: true)
                let project = try await store.createProject(
                    Project(
                        id: body.id ?? ProjectID(), organisation: call.organisation, createdAt: clock.now,
                        name: body.name ?? "", summary: body.summary ?? nil, visibility: body.visibility ?? .user,
                        mode: body.mode ?? "CREATOR", defaultWorkflow: body.workflow ?? nil))
                return .json(Self.json(project), status: .created)
            },
            Endpoint(
                .get, "/v2/projects", id: "ProjectsController_getAll", tag: "Projects", summary: "List projects.",
                parameters: [
                    .query("limit", .integer(1...100), "Projects on a page; 10 unless given."),
                    .query("cursor", .uuid, "The nextCursor of the page before."),
                    .query("searchQuery", .string, "Only those whose name has this in it."),
                    .query("sortBy", .oneWord(of: ProjectSort.self), "The order."),
                ], answer: .json(.named("ProjectPage")), handle: listProjects),
            Endpoint(
                .get, "/v2/projects/{id}", id: "ProjectsController_get", tag: "Projects", summary: "Get a project.",
                answer: .json(.named("Project"))
            ) { .json(Self.json(try await project($0))) },
            Endpoint(
                .patch, "/v2/projects/{id}", id: "ProjectsController_update", tag: "Projects",
                summary: "Change a project.", body: [.json(ProjectBody.schema(isNew: false))],
                answer: .json(.named("Project")), handle: updateProject),
            Endpoint(
                .delete, "/v2/projects/{id}", id: "ProjectsController_delete", tag: "Projects",
                summary: "Delete a project; its generations and assets stay.", answer: .json(.named("Project"))
            ) { call in
                let project = try await project(call)
                guard try await store.deleteProject(project.id, organisation: call.organisation) else {
                    throw Self.unknownProject
                }
                return .json(Self.json(project))
            },
            Endpoint(
                .post, "/v2/projects/{id}/assets", id: "ProjectsController_addAsset", tag: "Projects",
                summary: "File an asset under a project.",
                body: [.json(.object(["assetId": .uuid], required: ["assetId"]))], statuses: [204], handle: addAsset),
        ]
    }

    private func updateProject(_ call: Call) async throws -> HTTPResponse {
        let body = try ProjectBody(try await call.fields(), isNew: false)
        var project = try await project(call)
        project.name = body.name ?? project.name
        project.summary = body.summary ?? project.summary
        project.visibility = body.visibility ?? project.visibility
        project.mode = body.mode ?? project.mode
        project.defaultWorkflow = body.workflow ?? project.defaultWorkflow
        project.updatedAt = clock.now
        guard try await store.updateProject(project) else { throw Self.unknownProject }
        return .json(Self.json(project))
    }

    private func addAsset(_ call: Call) async throws -> HTTPResponse {
        let members = try await call.fields().members
        let project = try await project(call)
        guard let id = members["assetId"]?.text.flatMap(AssetID.init(parsing:)) else {
            throw SyncError(.invalidAssetIdFormat, field: "assetId")
        }
        guard try await store.asset(id, organisation: call.organisation) != nil else {
            throw SyncError(.assetNotFound, field: "assetId")
        }
        do { try await store.attach(id, to: project.id, organisation: call.organisation) } catch let error
            as GenerationError where error.code == .projectNotFound
        { throw Self.unknownProject }
        return HTTPResponse(.noContent)
    }

    private static let unknownProject = SyncError(.projectNotFound, status: 404)

    private func project(_ call: Call) async throws -> Project {
        guard let id = ProjectID(parsing: call.parameter()),
            let project = try await store.project(id, organisation: call.organisation)
        else { throw Self.unknownProject }
        return project
    }

    private func listProjects(_ call: Call) async throws -> HTTPResponse {
        let query = call.request.query
        let limit = try query.pageLimit()
        let cursor: ProjectID? = try query.cursor()
        let sort: ProjectSort? = try query.choice("sortBy", predicate: "must be updatedAt or name.")
        let page = try await store.projects(
            organisation: call.organisation, search: query["searchQuery"], sort: sort ?? .updatedAt, after: cursor,
            limit: limit)
        return .json([
            "items": .array(page.items.map(Self.json)), "nextCursor": .text(page.nextCursor(\.id)),
        ])
    }

    private static func json(_ project: Project) -> JSONValue {
        [
            "id": .string(project.id.rawValue), "createdAt": .string(project.createdAt.iso8601),
            "updatedAt": .string(project.updatedAt.iso8601), "name": .string(project.name),
            "description": .text(project.summary),
            "visibility": .string(SyncVisibility(project.visibility).rawValue), "mode": .string(project.mode),
            "defaultWorkflow": .text(project.defaultWorkflow),
        ]
    }
}

/// The body of a request about a project.
private struct ProjectBody {
    private static let modes = ["CREATOR", "DEVELOPER"]
    private static let workflows = [
        "lipsync", "translate_and_dub", "change_appearance", "image_to_video", "edit_dialogue", "assistant",
        "timeline",
    ]

    var id: ProjectID?
    var name: String?
    /// The inner `nil` is for a request that empties it.
    var summary: String??
    var visibility: Visibility?
    var mode: String?
    var workflow: String??

    static func schema(isNew: Bool) -> Schema {
        .object(
            [
                "id": .uuid.described("The project's name of your own choice, which makes repeating harmless."),
                "name": .string(1...255), "description": .string(0...4000).nullable,
                "visibility": .oneWord(of: SyncVisibility.self), "mode": .oneWord(of: modes),
                "defaultWorkflow": Schema.oneWord(of: workflows).nullable,
            ], required: isNew ? ["name"] : [])
    }

    init(_ fields: FieldReader, isNew: Bool) throws(RequestError) {
        var reader = fields
        if let text = reader.text("id"), isNew {
            id = ProjectID(parsing: text)
            if id == nil { reader.report("id", "must be a UUID.") }
        }
        name = reader.text("name")
        if name == nil ? isNew : !(1...255).contains(name?.count ?? 0) {
            reader.report("name", "must have 1 to 255 characters.")
        }
        if reader.members["description"] != nil {
            summary = .some(reader.text("description"))
            if let text = summary ?? nil, text.count > 4000 {
                reader.report("description", "is longer than 4000 characters.")
            }
        }
        if let word = reader.text("visibility") {
            visibility = SyncVisibility(rawValue: word)?.domain
            if visibility == nil { reader.report("visibility", "must be USER or ORGANIZATION.") }
        }
        mode = reader.text("mode")
        if let mode, !Self.modes.contains(mode) { reader.report("mode", "must be CREATOR or DEVELOPER.") }
        if reader.members["defaultWorkflow"] != nil {
            workflow = .some(reader.text("defaultWorkflow"))
            if let word = workflow ?? nil, !Self.workflows.contains(word) {
                reader.report("defaultWorkflow", "must be one of \(Self.workflows.joined(separator: ", ")).")
            }
        }
        try reader.check()
    }
}
