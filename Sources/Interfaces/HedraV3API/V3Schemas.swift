import Generations
import Text
import WebInterface

/// The schemas of answers, for the public document.
enum V3Schemas {
    static func document(version: String) -> OpenAPIDocument {
        OpenAPIDocument(
            version: version, summary: "Talking pictures on your own machine, compatible with Hedra's API v3.",
            keys: ["bearer": ["type": "http", "scheme": "bearer"]], schemas: all,
            refusal: "Refused; `error.code` and `error.details` say why.")
    }

    /// The document of a single model's submit.
    static func document(of model: V3Model) -> JSONValue {
        let error: JSONValue = [
            "description": "Refused; `error.code` and `error.details` say why.",
            "content": ["application/json": ["schema": all["Error"]?.json ?? [:]]],
        ]
        return [
            "openapi": "3.0.3",
            "info": ["title": .string(model.name), "version": "1", "description": .string(model.summary)],
            "security": [["bearer": []]],
            "paths": .object([
                "\(HedraV3API.prefix)/models/\(model.id)": [
                    "post": [
                        "operationId": .string("submit_" + model.id.replacing("-", with: "_")),
                        "summary": .string(model.summary),
                        "requestBody": [
                            "required": true,
                            "content": [
                                "application/json": [
                                    "schema": [
                                        "type": "object", "required": ["input"],
                                        "properties": [
                                            "input": InputField.schema(model.fields),
                                            "webhook": ["type": "string", "nullable": true],
                                            "idempotency_key": ["type": "string", "nullable": true],
                                        ],
                                    ]
                                ]
                            ],
                        ],
                        "responses": [
                            "202": [
                                "description": "Accepted.",
                                "content": ["application/json": ["schema": all["SubmitResponse"]?.json ?? [:]]],
                            ], "4XX": error, "5XX": error,
                        ],
                    ]
                ]
            ]),
            "components": ["securitySchemes": ["bearer": ["type": "http", "scheme": "bearer"]]],
        ]
    }

    private static func page(of item: String) -> Schema {
        .object(
            ["data": .list(of: .named(item)), "next_cursor": Schema.string.nullable], required: ["data", "next_cursor"])
    }

    private static let words = ["IN_QUEUE", "IN_PROGRESS", "COMPLETED", "FAILED"]

    private static let error: Schema = .object(
        [
            "error": .object(
                [
                    "code": .oneWord(of: V3Code.self), "message": .string, "retryable": .boolean,
                    "retry_after": Schema.integer.nullable, "param": Schema.string.nullable,
                    "details": .list(
                        of: .object(
                            [
                                "field": .string, "message": .string, "reason": .string,
                                "allowed": Schema.list(of: .string).nullable,
                            ], required: ["field", "message"])), "replaced_by": Schema.string.nullable,
                    "billing": Schema.object.nullable, "type": .string,
                ], required: ["code", "message"]), "trace_id": .string,
        ], required: ["error"])

    private static let model: [String: Schema] = [
        "id": .string, "modality": .oneWord(of: ["image", "video", "audio", "text"]), "name": .string,
        "description": .string, "price_description": .string, "logo_url": Schema.string.nullable,
        "context_length": Schema.integer.nullable, "max_output_tokens": Schema.integer.nullable,
    ]

    private static let status: [String: Schema] = [
        "job_id": .string, "status": .oneWord(of: words), "progress": .number(0...1),
        "estimated_completion_at": Schema.time.nullable, "logs": .list(of: .named("JobLogItem")),
        "logs_next_cursor": .string,
    ]

    private static let key: [String: Schema] = [
        "key_id": .string, "kind": .string, "name": .string, "scopes": Schema.list(of: .string).nullable,
        "workspace_id": .string, "created_at": .time, "expires_at": Schema.time.nullable,
    ]

    private static let all: [String: Schema] = [
        "Error": error, "ModelSummary": .object(model, required: ["id", "modality"]),
        "ModelList": page(of: "ModelSummary"),
        "ModelDetail": .object(
            model.merging(["input_schema": .object, "output_schema": .object, "chat": Schema.object.nullable]) { $1 },
            required: ["id", "modality", "input_schema", "output_schema"]),
        "Voice": .object(
            ["id": .string, "name": .string, "preview_url": Schema.string.nullable, "labels": .object], required: ["id"]
        ),
        "VoiceList": page(of: "Voice"),
        "FileUpload": .object(
            ["url": .address, "content_type": .string, "expires_at": .time],
            required: ["url", "content_type", "expires_at"]),
        "SubmitResponse": .object(
            [
                "job_id": .string, "model": .string, "status": .oneWord(of: words), "status_url": .string,
                "result_url": .string, "estimated_completion_at": Schema.time.nullable,
            ], required: ["job_id", "model", "status", "status_url", "result_url"]),
        "Estimate": .object(
            ["model": .string, "cost": .number, "currency": .string], required: ["model", "cost", "currency"]),
        "JobSummary": .object(
            [
                "job_id": .string, "model": .string, "quality": .string, "status": .oneWord(of: words),
                "created_at": .time,
            ], required: ["job_id", "model", "status", "created_at"]), "JobList": page(of: "JobSummary"),
        "Status": .object(status, required: ["job_id", "status"]),
        "JobLogItem": .object(
            [
                "id": .integer, "timestamp": .time, "level": .oneWord(of: ["info", "warning", "error"]),
                "event": .string, "message": .string, "source": .oneWord(of: ["api", "worker", "provider", "cron"]),
                "data": .object,
            ], required: ["id", "timestamp", "level", "event", "message", "source"]),
        "JobLogList": page(of: "JobLogItem"),
        "Result": .object(
            [
                "job_id": .string, "model": .string, "status": .oneWord(of: words), "prompt": .string,
                "quality": .string, "outputs": .list(of: .object),
                "metrics": .object(["processing_time_ms": Schema.integer.nullable]), "error": Schema.object.nullable,
                "logs": .list(of: .named("JobLogItem")), "cost": .number, "currency": .string,
            ], required: ["job_id", "model", "status"]),
        "PublicKey": .object(["algorithm": .string, "public_key": .string], required: ["algorithm", "public_key"]),
        "DefaultWebhook": .object([
            "url": Schema.string.nullable, "enabled": .boolean, "updated_at": Schema.time.nullable,
            "updated_by_key_id": Schema.string.nullable,
        ]),
        "WebhookTest": .object(
            ["ok": .boolean, "response_status": Schema.integer.nullable, "error": Schema.string.nullable],
            required: ["ok"]),
        "WebhookDelivery": .object(
            [
                "job_id": .string, "job_accessible": .boolean, "model": .string, "event_type": Schema.string.nullable,
                "status": .oneWord(of: ["PENDING", "DELIVERING", "DELIVERED", "FAILED"]),
                "source": .oneWord(of: ["per_job", "default"]), "attempts": .integer, "redelivery_count": .integer,
                "redeliveries": .list(of: .object), "last_response_status": Schema.integer.nullable,
                "last_error": Schema.object.nullable, "webhook_url": .string, "created_at": .time,
                "last_attempt_at": Schema.time.nullable,
            ],
            required: [
                "job_id", "job_accessible", "model", "status", "source", "attempts", "webhook_url", "created_at",
            ]),
        "WebhookDeliveryList": page(of: "WebhookDelivery"),
        "EmptyList": .object(["data": .list(of: .object), "next_cursor": Schema.string.nullable], required: ["data"]),
        "Balance": .object(
            ["balance": .number, "currency": .string, "spent": Schema.number.nullable],
            required: ["balance", "currency"]),
        "Usage": .object(
            [
                "start": .time, "end": .time, "group_by": .oneWord(of: UsageGrouping.self), "total_jobs": .integer,
                "total_spent": .number, "currency": .string,
                "data": .list(
                    of: .object(
                        ["key": .string, "jobs": .integer, "spent": .number], required: ["key", "jobs", "spent"])),
            ], required: ["start", "end", "group_by", "total_jobs", "total_spent", "currency"]),
        "Transaction": .object(
            [
                "id": .string, "kind": .string, "amount": .number, "currency": .string, "created_at": .time,
                "llm_usage": Schema.object.nullable,
            ], required: ["id", "kind", "created_at"]), "TransactionList": page(of: "Transaction"),
        "Key": .object(
            key.merging(["status": .string, "revoked_at": Schema.time.nullable, "last_used_at": Schema.time.nullable]) {
                $1
            },
            required: ["kind", "status"]), "KeyList": page(of: "Key"),
        "NewKey": .object(
            key.merging(["credential": .string, "previous_secret_expires_at": .time]) { $1 },
            required: ["key_id", "credential", "kind"]),
        "Token": .object(["token": .string, "expires_at": .time], required: ["token"]),
    ]
}
