import Gateway
import Generations
import HTTP

/// Files in three steps: announce, send, make an asset of it.
extension SyncAPI {
    var uploadEndpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v2/assets/upload",
                Operation(
                    id: "AssetsController_createUploadUrl", tag: "Assets",
                    summary: "Announce a file; send it with PUT to uploadUrl, then make an asset of url.",
                    body: [
                        (
                            "application/json",
                            .object(
                                [
                                    "fileName": .string(1...255), "contentType": .string(1...255),
                                    "size": .number(1...Double(settings.uploadByteLimit)),
                                ], required: ["fileName", "contentType", "size"])
                        )
                    ], success: 201,
                    content: .json(
                        .object(
                            ["uploadUrl": .string, "url": .string, "expiresIn": .integer],
                            required: ["uploadUrl", "url", "expiresIn"]))),
                handle: announce),
            .open(
                .put, "/v2/uploads/{id}", options: HTTPRouteOptions(maximumBodyBytes: settings.uploadByteLimit),
                handle: receive),
            .open(.get, "/v2/uploads/{id}") { try await file(.upload(try $0.id(.uploadedFileNotFound)), $0) },
        ]
    }

    private func announce(_ call: Call) async throws -> HTTPResponse {
        let members = try await members(of: call)
        var reader = WireReader()
        let name = reader.text(members["fileName"], "fileName") ?? ""
        let type = reader.text(members["contentType"], "contentType") ?? ""
        let size = reader.number(members["size"], "size") ?? 0
        if !(1...255).contains(name.count) { reader.report("fileName", "must have 1 to 255 characters.") }
        if !(1...255).contains(type.count) { reader.report("contentType", "must have 1 to 255 characters.") }
        if !(size >= 1 && size == size.rounded()) { reader.report("size", "must be a whole number of bytes above 0.") }
        if let refusal = GenerationError(reader.problems) { throw refusal }
        guard size <= Double(settings.uploadByteLimit) else {
            throw GenerationError(
                .fileSizeExceedsPlanLimit, "size is above the limit of \(settings.uploadByteLimit) bytes.",
                field: "size")
        }
        try await intake.checkStorage(call.organisation, adding: Int64(size))
        let now = clock.now
        let expiry = now.advanced(by: Upload.validity)
        let upload = Upload(
            organisation: call.organisation, fileName: name, contentType: type, createdAt: now,
            lifecycle: UploadLifecycle(expiresAt: expiry, byteLimit: Int64(size)))
        try await store.createUpload(upload)
        return .json(
            [
                "uploadUrl": .string(links.url(.sending(upload.id), base: call.base, expiry: expiry)),
                "url": .string(links.url(.upload(upload.id), base: call.base)),
                "expiresIn": .integer(Upload.validity.components.seconds),
            ], status: .created)
    }

    private static func wrongSize(_ announced: Int64) -> GenerationError {
        GenerationError(
            .generationInputValidationFailed, "The file does not have the \(announced) bytes that were announced.",
            suggestion: "Announce the file again with its size, and send all of it.", field: "size")
    }

    private func receive(_ call: Call) async throws -> HTTPResponse {
        let id: UploadID = try call.id(.uploadedFileNotFound)
        guard links.isOpen(.sending(id), to: call.request, now: clock.now) else {
            throw HTTPError(.forbidden, "forbidden", "The upload address is wrong or too old. Announce the file again.")
        }
        if let upload = try await store.upload(id), upload.lifecycle.blob == nil {
            try await intake.checkStorage(upload.organisation, adding: upload.lifecycle.byteLimit)
        }
        let announced = call.request.body.announcedBytes
        let now = clock.now
        switch try await store.updateUpload(id, { $0.begin(announcedByteCount: announced, now: now) }) {
        case .receive: break
        case .refuse(let code): throw GenerationError(code)
        default: throw GenerationError(.uploadedFileNotFound)
        }
        let writer = try await blobs.makeWriter()
        do {
            let announcedSize = try await store.upload(id)?.lifecycle.byteLimit ?? 0
            var size: Int64 = 0
            for try await chunk in call.request.body {
                size += Int64(chunk.count)
                guard size <= announcedSize else { throw Self.wrongSize(announcedSize) }
                try await writer.write(chunk)
            }
            guard size == announcedSize else { throw Self.wrongSize(announcedSize) }
            let facts = try await writer.finish(as: nil)
            let action = try await store.updateUpload(id) { $0.complete(blob: facts.key) }
            guard case .keep = action else {
                // It came too late. Equal files are one, so it may be another's.
                try await store.discard([facts.key])
                throw GenerationError(.uploadedFileNotFound)
            }
            return HTTPResponse(.ok, headers: ["ETag": "\"\(facts.key.rawValue.suffix(64))\""])
        } catch {
            await writer.discard()
            _ = try? await store.updateUpload(id) { $0.interrupt() }
            throw error
        }
    }
}
