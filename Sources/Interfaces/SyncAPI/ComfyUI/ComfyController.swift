import Access
import Generations
import HTTP
import Text
import WebInterface

/// The three calls of ComfyUI's own nodes.
struct ComfyController: Sendable {
    let generate: GenerateController
    let history: JobHistory
    let uploads: UploadController
    let intake: GenerationIntake

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/customers/storage", id: "createStorage", tag: "Files",
                summary: "Announce a file; send it with PUT to upload_url.",
                body: [
                    .json(
                        .object(
                            ["file_name": .string(1...255), "content_type": .string(1...255)],
                            required: ["file_name"], isOpen: true))
                ],
                answer: .json(
                    .object(
                        ["upload_url": .string, "download_url": .string], required: ["upload_url", "download_url"])),
                handle: announce),
            Endpoint(
                .put, LinkKind.comfySending.path, callers: .anybody,
                options: HTTPRouteOptions(maximumBodyBytes: uploads.byteLimit)
            ) { call in try await uploads.receive(call, by: .comfySending, isExact: false) },
            Endpoint(
                .post, ComfyAPI.prefix + "/v2/generate", id: "createGeneration", tag: "Generations",
                summary: "Create a generation from a video or picture and a sound.",
                body: [.json(.named("CreateGeneration"))], statuses: [201], answer: .json(.named("Generation")),
                handle: create),
        ]
            // Nobody was seen to ask without the version; it costs nothing.
            + ["/v2/generate/{id}", "/generate/{id}"].map { path in
                Endpoint(
                    .get, ComfyAPI.prefix + path, id: path.hasPrefix("/v2") ? "getGeneration" : nil, tag: "Generations",
                    summary: "Get a generation.", answer: .json(.named("Generation"))
                ) { call in try await generate.lookup.current(try call.id(.invalidGenerationId), call) }
            }
    }

    private func announce(_ call: Call) async throws -> HTTPResponse {
        var reader = try await call.fields()
        let name = reader.text("file_name") ?? ""
        let type = reader.text("content_type") ?? "application/octet-stream"
        if !(1...255).contains(name.count) { reader.report("file_name", "must have 1 to 255 characters.") }
        if !(1...255).contains(type.count) { reader.report("content_type", "must have 1 to 255 characters.") }
        try reader.check()
        try await intake.checkStorage(call.organisation)
        let addresses = try await uploads.announce(
            name, type, byteLimit: uploads.byteLimit, by: .comfySending, call)
        return .json(["upload_url": .string(addresses.sending), "download_url": .string(addresses.file)])
    }

    private func create(_ call: Call) async throws -> HTTPResponse {
        let generation = try await generate.accept(call)
        var headers: HTTPHeaders = [:]
        // The only way to a progress bar in these nodes.
        if let seconds = try await history.secondsLeft(generation) {
            headers["X-Comfy-Estimated-Duration-Seconds"] = String(min(max(seconds, 1), 86_400))
        }
        return .json(generate.lookup.view.json(generation, base: call.base), status: .created, headers: headers)
    }
}
