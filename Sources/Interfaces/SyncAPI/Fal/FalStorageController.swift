import Access
import Generations
import HTTP
import Text
import WebInterface

/// The storage to which fal's clients send files before they order, and the key by which webhooks are checked.
struct FalStorageController: Sendable {
    let uploads: UploadController
    let intake: GenerationIntake
    let key: SigningKey

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/storage/upload/initiate", id: "initiateUpload", tag: "Storage",
                summary: "Announce a file; send it with PUT to upload_url.",
                body: [
                    .json(.object(["content_type": .string(1...255), "file_name": .string(1...255)], isOpen: true))
                ],
                answer: .json(
                    .object(["upload_url": .string, "file_url": .string], required: ["upload_url", "file_url"])),
                handle: announce),
            Endpoint(
                .put, "/storage/files/{id}", callers: .anybody,
                options: HTTPRouteOptions(maximumBodyBytes: uploads.byteLimit)
            ) { call in try await uploads.receive(call, by: .falSending, isExact: false) },
            Endpoint(
                .get, "/.well-known/jwks.json", id: "getKeys", tag: "Webhooks",
                summary: "The key by which signatures of webhooks are checked.", answer: .json(.object),
                callers: .anybody
            ) { _ in
                .json([
                    "keys": [
                        ["kty": "OKP", "crv": "Ed25519", "x": .string(Base64.encodeForURL(key.publicKey))]
                    ]
                ])
            },
        ]
    }

    private func announce(_ call: Call) async throws -> HTTPResponse {
        var reader = FieldReader(try await call.members(takesAnyType: true), at: ["body"], rules: .fal)
        let name = reader.text("file_name", most: 255) ?? "upload"
        let type = reader.text("content_type", most: 255) ?? "application/octet-stream"
        try reader.check()
        try await intake.checkStorage(call.organisation)
        let addresses = try await uploads.announce(name, type, byteLimit: uploads.byteLimit, by: .falSending, call)
        return .json(["upload_url": .string(addresses.sending), "file_url": .string(addresses.file)])
    }
}
