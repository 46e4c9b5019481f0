import Generations
import HTTP

extension SyncAPI {
    var projectEndpoints: [Endpoint] {
        let body = ProjectBody.schema
        return [
            Endpoint(
                .post, "/v2/projects",
                Operation(
                    id: "ProjectsController_create", tag: "Projects", summary: "Make a project.",
                    body: [("application/json", body(true))], success: 201, content: .json(.named("Project")))
            ) { call in
                let body = try ProjectBody(try await members(of: call), isNew: true)
                let project = try await store.createProject(
                    Project(
                        id: body.id ?? ProjectID(), organisation: call.organisation, createdAt: clock.now,
                        name: body.name ?? "", summary: body.summary ?? nil, visibility: body.visibility ?? .user,
                        mode: body.mode ?? "CREATOR", defaultWorkflow: body.workflow ?? nil))
                return .json(Self.json(project), status: .created)
            },
            Endpoint(
                .get, "/v2/projects",
                Operation(
                    id: "ProjectsController_getAll", tag: "Projects", summary: "List projects.",
                    parameters: [
                        .query("limit", .integer(1...100), "Projects on a page; 10 unless given."),
                        .query("cursor", .uuid, "The nextCursor of the page before."),
                        .query("searchQuery", .string, "Only those whose name has this in it."),
                        .query("sortBy", .oneWord(of: ProjectSort.allCases.map(\.rawValue)), "The order."),
                    ], content: .json(.named("ProjectPage"))), handle: listProjects),
            Endpoint(
                .get, "/v2/projects/{id}",
                Operation(
                    id: "ProjectsController_get", tag: "Projects", summary: "Get a project.",
                    content: .json(.named("Project")))
            ) { call in
                let project = try await project(call)
                return .json(Self.json(project))
            },
            Endpoint(
                .patch, "/v2/projects/{id}",
                Operation(
                    id: "ProjectsController_update", tag: "Projects", summary: "Change a project.",
                    body: [("application/json", body(false))], content: .json(.named("Project")))
            ) { call in
                let body = try ProjectBody(try await members(of: call), isNew: false)
                var project = try await project(call)
                project.name = body.name ?? project.name
                project.summary = body.summary ?? project.summary
                project.visibility = body.visibility ?? project.visibility
                project.mode = body.mode ?? project.mode
                project.defaultWorkflow = body.workflow ?? project.defaultWorkflow
                project.updatedAt = clock.now
                guard try await store.updateProject(project) else { throw Self.unknownProject }
                return .json(Self.json(project))
            },
            Endpoint(
                .delete, "/v2/projects/{id}",
                Operation(
                    id: "ProjectsController_delete", tag: "Projects",
                    summary: "Delete a project; its generations and assets stay.", content: .json(.named("Project")))
            ) { call in
                let project = try await project(call)
                guard try await store.deleteProject(project.id, organisation: call.organisation) else {
                    throw Self.unknownProject
                }
                return .json(Self.json(project))
            },
            Endpoint(
                .post, "/v2/projects/{id}/assets",
                Operation(
                    id: "ProjectsController_addAsset", tag: "Projects", summary: "File an asset under a project.",
                    body: [("application/json", .object(["assetId": .uuid], required: ["assetId"]))], success: 204)
            ) { call in
                let members = try await members(of: call)
                let project = try await project(call)
                guard let id = members["assetId"]?.text.flatMap(AssetID.init(parsing:)) else {
                    throw GenerationError(.invalidAssetIdFormat, field: "assetId")
                }
                guard try await store.asset(id, organisation: call.organisation) != nil else {
                    throw GenerationError(.assetNotFound, field: "assetId")
                }
                try await store.attach(id, to: project.id, organisation: call.organisation)
                return HTTPResponse(.noContent)
            },
        ]
    }

    private static let unknownProject = GenerationError(.projectNotFound, status: 404)

    private func project(_ call: Call) async throws -> Project {
        guard let id = ProjectID(parsing: call.request.parameters["id"] ?? ""),
            let project = try await store.project(id, organisation: call.organisation)
        else { throw Self.unknownProject }
        return project
    }

    private func listProjects(_ call: Call) async throws -> HTTPResponse {
        let query = call.request.query
        let limit = try Self.pageLimit(query)
        let cursor: ProjectID? = try Self.cursor(query)
        let sort = try query["sortBy"].map { word throws(GenerationError) in
            guard let sort = ProjectSort(rawValue: word) else {
                throw Self.invalid("sortBy", "must be updatedAt or name.")
            }
            return sort
        }
        let page = try await store.projects(
            organisation: call.organisation, search: query["searchQuery"], sort: sort ?? .updatedAt, after: cursor,
            limit: limit)
        let next = page.hasMore ? page.items.last?.id.rawValue : nil
        return .json([
            "items": .array(page.items.map(Self.json)), "nextCursor": next.map(JSONValue.string) ?? .null,
        ])
    }

    private static func json(_ project: Project) -> JSONValue {
        [
            "id": .string(project.id.rawValue), "createdAt": .string(project.createdAt.iso8601),
            "updatedAt": .string(project.updatedAt.iso8601), "name": .string(project.name),
            "description": project.summary.map(JSONValue.string) ?? .null,
            "visibility": .string(project.visibility.rawValue), "mode": .string(project.mode),
            "defaultWorkflow": project.defaultWorkflow.map(JSONValue.string) ?? .null,
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
                "visibility": .oneWord(of: Visibility.allCases.map(\.rawValue)), "mode": .oneWord(of: modes),
                "defaultWorkflow": Schema.oneWord(of: workflows).nullable,
            ], required: isNew ? ["name"] : [])
    }

    init(_ members: [String: JSONValue], isNew: Bool) throws(GenerationError) {
        var reader = WireReader()
        if let text = reader.text(members["id"], "id"), isNew {
            id = ProjectID(parsing: text)
            if id == nil { reader.report("id", "must be a UUID.") }
        }
        name = reader.text(members["name"], "name")
        if name == nil ? isNew : !(1...255).contains(name?.count ?? 0) {
            reader.report("name", "must have 1 to 255 characters.")
        }
        if let value = members["description"] {
            summary = .some(reader.text(value, "description"))
            if let text = summary ?? nil, text.count > 4000 {
                reader.report("description", "is longer than 4000 characters.")
            }
        }
        if let word = reader.text(members["visibility"], "visibility") {
            visibility = Visibility(rawValue: word)
            if visibility == nil { reader.report("visibility", "must be USER or ORGANIZATION.") }
        }
        mode = reader.text(members["mode"], "mode")
        if let mode, !Self.modes.contains(mode) { reader.report("mode", "must be CREATOR or DEVELOPER.") }
        if let value = members["defaultWorkflow"] {
            workflow = .some(reader.text(value, "defaultWorkflow"))
            if let word = workflow ?? nil, !Self.workflows.contains(word) {
                reader.report("defaultWorkflow", "must be one of \(Self.workflows.joined(separator: ", ")).")
            }
        }
        if let refusal = GenerationError(reader.problems) { throw refusal }
    }
}
