import Generations

/// The public description of every route, made of the routes themselves.
enum OpenAPIDocument {
    static func make(endpoints: [Endpoint], version: String) -> JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for endpoint in endpoints {
            guard let operation = endpoint.operation else { continue }
            paths[endpoint.path, default: [:]][endpoint.method.rawValue.lowercased()] = operation.json(
                path: endpoint.path, isOpen: endpoint.isOpen)
        }
        return [
            "openapi": "3.0.3",
            "info": [
                "title": "Lipsmith", "version": .string(version),
                "description": "Lip synchronisation on your own machine, compatible with Sync's API v2.",
            ],
            "security": [["apiKey": []], ["bearer": []]],
            "paths": .object(paths.mapValues(JSONValue.object)),
            "components": [
                "securitySchemes": [
                    "apiKey": ["type": "apiKey", "in": "header", "name": "x-api-key"],
                    "bearer": ["type": "http", "scheme": "bearer"],
                ],
                "schemas": .object(
                    Dictionary(WireSchemas.all.map { ($0.key, $0.value.json) }, uniquingKeysWith: { $1 })),
            ],
        ]
    }
}
