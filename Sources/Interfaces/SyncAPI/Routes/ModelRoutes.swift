import Generations
import HTTP

extension SyncAPI {
    /// Neither list changes while the server runs, so their texts are made once.
    var modelEndpoints: [Endpoint] {
        let models = HTTPResponse.json(
            .array(SyncModels.all.map(Self.modelView)))
        let errors = HTTPResponse.json(.array(ErrorCatalog.published.map(Self.errorView)))
        return [
            Endpoint(
                .get, "/v2/models",
                Operation(
                    id: "ModelsController_get", tag: "Models", summary: "List the models.",
                    content: .json(.list(of: .named("Model"))))
            ) { _ in models },
            .open(
                .get, "/v2/errors",
                Operation(
                    id: "ErrorsController_get", tag: "Errors", summary: "List the codes of errors.",
                    content: .json(.list(of: .named("CatalogEntry"))))
            ) { _ in errors },
        ]
    }

    private static func modelView(_ model: SyncModel) -> JSONValue {
        [
            "id": .string(model.model.name), "name": .string(model.model.name), "type": .string(model.type),
            "version": .string(model.version), "description": .string(model.summary), "deprecatedAt": .null,
        ]
    }

    private static func errorView(_ entry: ErrorEntry) -> JSONValue {
        [
            "code": .string(entry.code.rawValue), "message": .string(entry.message),
            "suggestion": .string(entry.suggestion),
        ]
    }
}
