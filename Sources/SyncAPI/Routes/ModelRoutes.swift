import Generations
import HTTP

extension SyncAPI {
    var modelEndpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v2/models",
                Operation(
                    id: "ModelsController_get", tag: "Models", summary: "List the models.",
                    content: .json(.list(of: .named("Model"))))
            ) { _ in
                let models = settings.rules.models.models.filter { $0.capabilities.contains(.video) }
                return .json(
                    .array(
                        models.map { model in
                            [
                                "id": .string(model.name), "name": .string(model.displayName),
                                "type": .string(model.type), "version": .string(model.version),
                                "description": .string(model.summary), "deprecatedAt": .null,
                            ]
                        }))
            },
            .open(
                .get, "/v2/errors",
                Operation(
                    id: "ErrorsController_get", tag: "Errors", summary: "List the codes of errors.",
                    content: .json(.list(of: .named("CatalogEntry"))))
            ) { _ in
                .json(
                    .array(
                        ErrorCatalog.published.map { entry in
                            [
                                "code": .string(entry.code.rawValue), "message": .string(entry.message),
                                "suggestion": .string(entry.suggestion),
                            ]
                        }))
            },
        ]
    }
}
