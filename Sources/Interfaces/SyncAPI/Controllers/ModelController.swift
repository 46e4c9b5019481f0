import Generations
import HTTP
import Text
import WebInterface

/// Models and codes of errors. Neither list changes while the server runs, so their texts are made once.
struct ModelController: Sendable {
    var endpoints: [Endpoint] {
        let models = HTTPResponse.json(
            .array(SyncModels.all.map(Self.modelView)))
        let errors = HTTPResponse.json(.array(SyncCatalog.published.map(Self.errorView)))
        return [
            Endpoint(
                .get, "/v2/models", id: "ModelsController_get", tag: "Models", summary: "List the models.",
                answer: .json(.list(of: .named("Model")))
            ) { _ in models },
            Endpoint(
                .get, "/v2/errors", id: "ErrorsController_get", tag: "Errors", summary: "List the codes of errors.",
                answer: .json(.list(of: .named("CatalogEntry"))), callers: .anybody
            ) { _ in errors },
        ]
    }

    private static func modelView(_ model: SyncModel) -> JSONValue {
        [
            "id": .string(model.model.name), "name": .string(model.model.name), "type": .string(model.type),
            "version": .string(model.version), "description": .string(model.summary), "deprecatedAt": .null,
        ]
    }

    private static func errorView(_ entry: CatalogEntry) -> JSONValue {
        [
            "code": .string(entry.code.rawValue), "message": .string(entry.message),
            "suggestion": .string(entry.suggestion),
        ]
    }
}
