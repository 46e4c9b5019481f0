import Generations
import HTTP
import Text
import Time
import WebInterface

/// Projects: folders of generations.
struct ProjectController: Sendable {
    let store: any ProjectStore
    let clock: any WallClock

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/projects", id: "listProjects", tag: "Lists",
                summary: "List projects, the newest change first.", parameters: PageQuery<Project>.parameters,
                answer: .json(.page(of: .named("Project")))
            ) { call in
                let query = try PageQuery<Project>(call)
                let page = try await store.projects(
                    organisation: call.organisation, search: nil, sort: .updatedAt, after: query.cursor,
                    limit: query.limit)
                return .page(page.items.map(Self.json), next: page.nextCursor(\.id))
            },
            Endpoint(
                .post, "/v1/projects", id: "createProject", tag: "Lists", summary: "Make a project.",
                body: [.json(.object(["name": .string(1...255)], required: ["name"]))], statuses: [201],
                answer: .json(.named("Project"))
            ) { call in
                var reader = try await call.fields(["name"])
                let name = reader.text("name", isRequired: true, most: 255, least: 1) ?? ""
                try reader.check()
                let project = try await store.createProject(
                    Project(
                        organisation: call.organisation, createdAt: clock.now, name: name, mode: "CREATOR"))
                return .json(Self.json(project), status: .created)
            },
            Endpoint(
                .delete, "/v1/projects/{id}", id: "deleteProject", tag: "Lists",
                summary: "Delete a project; its generations stay.", statuses: [204]
            ) { call in
                let id: ProjectID = try call.id(.projectNotFound)
                guard try await store.deleteProject(id, organisation: call.organisation) else {
                    throw GenerationError(.projectNotFound)
                }
                return HTTPResponse(.noContent)
            },
        ]
    }

    private static func json(_ project: Project) -> JSONValue {
        [
            "id": .string(project.id.rawValue), "name": .string(project.name),
            "createdAt": .time(project.createdAt), "updatedAt": .time(project.updatedAt),
        ]
    }
}
