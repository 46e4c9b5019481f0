import Generations
import Text
import WebInterface

/// The named schemas of the public document.
enum LipsmithSchemas {
    private static let all: [String: Schema] = [
        "Error": error, "Medium": medium, "Order": .object(OrderBody.schemas), "DryRun": dryRun,
        "Generation": generation, "Job": job, "Choices": choices, "Voice": voice, "Project": project,
    ]

    /// The description of this interface.
    static func document(version: String) -> OpenAPIDocument {
        OpenAPIDocument(
            version: version, summary: "Lipsmith's own API: what the studio and lipsmith remote use.",
            keys: ["apiKey": OpenAPIDocument.headerKey("x-api-key"), "bearer": ["type": "http", "scheme": "bearer"]],
            schemas: all.merging(MediaSchemas.all) { first, _ in first },
            refusal: "Refused; error.code and error.message say why.")
    }

    /// A server-sent event.
    static let event = Schema.object(
        ["event": .oneWord(of: ["generation", "preview"]), "data": Schema.string.described("JSON.")],
        required: ["event", "data"])

    private static let error = Schema.object(
        [
            "error": .object(
                [
                    "code": .string, "message": .string, "suggestion": .string, "field": Schema.string.nullable,
                    "requestId": .string,
                ], required: ["code", "message", "suggestion", "field", "requestId"])
        ], required: ["error"])

    private static let medium = Schema.object(["asset": .uuid, "url": .address])
        .described("Either an asset of this server or an address.")

    private static let dryRun = Schema.object(
        ["isValid": .boolean, "outputSeconds": .number, "estimateSeconds": .number, "queueSeconds": .number],
        required: ["isValid", "outputSeconds", "estimateSeconds", "queueSeconds"])

    private static let output = Schema.object(
        [
            "url": .address, "downloadUrl": .address, "segmentUrl": Schema.address.nullable,
            "speechUrl": Schema.address.nullable, "thumbnailUrl": Schema.address.nullable,
            "durationSeconds": .number, "width": .integer, "height": .integer, "byteCount": .integer,
            "frameCount": .integer,
        ], required: ["url", "downloadUrl", "durationSeconds"])

    private static let generationMembers: [String: Schema] =
        [
            "id": .uuid, "status": .oneWord(of: GenerationStatus.self), "progress": .number(0...1),
            "stage": Schema.oneWord(of: ["queued"] + LiveRender.Stage.allCases.map(\.rawValue)).nullable,
            "framesPerSecond": Schema.number.nullable, "secondsLeft": Schema.integer.nullable,
            "hasPreview": .boolean, "createdAt": .time, "startedAt": Schema.time.nullable,
            "finishedAt": Schema.time.nullable, "model": .string, "name": Schema.string.nullable,
            "project": Schema.uuid.nullable, "source": .string, "order": Schema.named("Order").nullable,
            "input": Schema.object(["kind": .string, "url": .string], required: ["kind", "url"]).nullable,
            "output": output.nullable,
            "error": Schema.object(
                ["code": .string, "message": .string, "suggestion": .string],
                required: ["code", "message", "suggestion"]
            ).nullable, "reportUrl": Schema.address.nullable, "reportPageUrl": Schema.address.nullable,
        ]
    private static let generationRequired = ["id", "status", "progress", "createdAt", "model", "source"]
    private static let generation = Schema.object(generationMembers, required: generationRequired)

    /// A generation among those of all organisations.
    private static let job = Schema.object(
        generationMembers.merging(["organisation": OrganisationNames.schema]) { $1 },
        required: generationRequired + ["organisation"])

    private static let choices = Schema.object(
        [
            "models": .list(
                of: .object(
                    [
                        "name": .string, "label": .string, "summary": .string, "takes": .list(of: .string),
                        "options": .list(of: .string), "isDefault": .boolean,
                    ], required: ["name", "label", "summary", "takes", "options", "isDefault"])),
            "syncModes": .list(of: .string), "emotions": .list(of: .string), "regions": .list(of: .string),
            "resolutions": .list(of: .string), "aspectRatios": .list(of: .string),
            "defaultVoice": Schema.string.nullable, "canClone": .boolean,
            "sample": Schema.object(
                ["name": .string, "script": .string, "voice": Schema.string.nullable],
                required: ["name", "script", "voice"]
            ).nullable,
        ], required: ["models", "syncModes", "emotions", "regions", "resolutions", "aspectRatios", "canClone"])

    private static let voice = Schema.object(
        [
            "id": .string, "name": .string, "language": Schema.string.nullable, "gender": Schema.string.nullable,
            "provider": .string, "sampleUrl": Schema.string.nullable, "isCloned": .boolean,
        ], required: ["id", "name", "provider", "isCloned"])

    private static let project = Schema.object(
        ["id": .uuid, "name": .string, "createdAt": .time, "updatedAt": .time],
        required: ["id", "name", "createdAt", "updatedAt"])
}
