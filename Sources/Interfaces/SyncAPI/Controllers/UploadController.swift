import Access
import Generations
import HTTP
import Text
import Time
import WebInterface

/// Files in three steps: announce, send, make an asset of it.
struct UploadController: Sendable {
    let store: any AssetStore
    let intake: GenerationIntake
    let receiver: UploadReceiver
    let files: LinkedFiles
    /// The largest file, in bytes.
    let byteLimit: Int64
    let clock: any WallClock

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v2/assets/upload", id: "AssetsController_createUploadUrl", tag: "Assets",
                summary: "Announce a file; send it with PUT to uploadUrl, then make an asset of url.",
                body: [
                    .json(
                        .object(
                            [
                                "fileName": .string(1...255), "contentType": .string(1...255),
                                "size": .number(1...Double(byteLimit)),
                            ], required: ["fileName", "contentType", "size"]))
                ], statuses: [201],
                answer: .json(
                    .object(
                        ["uploadUrl": .string, "url": .string, "expiresIn": .integer],
                        required: ["uploadUrl", "url", "expiresIn"])), handle: announce),
            Endpoint(
                .put, LinkKind.sending.path, callers: .anybody, options: HTTPRouteOptions(maximumBodyBytes: byteLimit),
                handle: receive),
            files.endpoint(.upload) { try $0.id(.uploadedFileNotFound) as UploadID },
        ]
    }

    private func announce(_ call: Call) async throws -> HTTPResponse {
        var reader = try await call.fields()
        let name = reader.text("fileName") ?? ""
        let type = reader.text("contentType") ?? ""
        let size = reader.number("size") ?? 0
        if !(1...255).contains(name.count) { reader.report("fileName", "must have 1 to 255 characters.") }
        if !(1...255).contains(type.count) { reader.report("contentType", "must have 1 to 255 characters.") }
        if !(size >= 1 && size == size.rounded()) { reader.report("size", "must be a whole number of bytes above 0.") }
        try reader.check()
        guard size <= Double(byteLimit) else {
            throw SyncError(
                .fileSizeExceedsPlanLimit, "size is above the limit of \(byteLimit) bytes.",
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
                "uploadUrl": .string(files.links.url(.sending, upload.id, base: call.base, expiry: expiry)),
                "url": .string(files.links.url(.upload, upload.id, base: call.base)),
                "expiresIn": .integer(Upload.validity.components.seconds),
            ], status: .created)
    }

    private static func wrongSize(_ announced: Int64) -> SyncError {
        SyncError(
            .generationInputValidationFailed, "The file does not have the \(announced) bytes that were announced.",
            suggestion: "Announce the file again with its size, and send all of it.", field: "size")
    }

    private func receive(_ call: Call) async throws -> HTTPResponse {
        let id: UploadID = try call.id(.uploadedFileNotFound)
        do { try files.check(.sending, id, call) } catch {
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
        default: throw SyncError(.uploadedFileNotFound)
        }
        do {
            let expected = try await store.upload(id)?.lifecycle.byteLimit ?? 0
            let blob = try await receiver.receive(call.request.body) { byteCount, isWhole in
                guard isWhole ? byteCount == expected : byteCount <= expected else { throw Self.wrongSize(expected) }
            }
            let action = try await store.updateUpload(id) { $0.complete(blob: blob.key) }
            guard case .keep = action else {
                // It came too late.
                await receiver.discard([blob.key])
                throw SyncError(.uploadedFileNotFound)
            }
            return UploadReceiver.received(blob)
        } catch {
            _ = try? await store.updateUpload(id) { $0.interrupt() }
            throw error
        }
    }
}
