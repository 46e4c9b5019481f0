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
                .put, LinkKind.sending.path, callers: .anybody, options: HTTPRouteOptions(maximumBodyBytes: byteLimit)
            ) { call in try await receive(call, by: .sending, isExact: true) },
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
        let addresses = try await announce(name, type, byteLimit: Int64(size), by: .sending, call)
        return .json(
            [
                "uploadUrl": .string(addresses.sending), "url": .string(addresses.file),
                "expiresIn": .integer(Upload.validity.components.seconds),
            ], status: .created)
    }

    /// Makes room for a file, and gives the addresses to send it to and to read it from.
    func announce(
        _ name: String, _ type: String, byteLimit: Int64, by kind: LinkKind, _ call: Call
    ) async throws -> (sending: String, file: String) {
        let now = clock.now
        let expiry = now.advanced(by: Upload.validity)
        let upload = Upload(
            organisation: call.organisation, fileName: name, contentType: type, createdAt: now,
            lifecycle: UploadLifecycle(expiresAt: expiry, byteLimit: byteLimit))
        try await store.createUpload(upload)
        return (
            files.links.url(kind, upload.id, base: call.base, expiry: expiry),
            files.links.url(.upload, upload.id, base: call.base)
        )
    }

    private static let empty = SyncError(
        .generationInputValidationFailed, "The file is empty.", suggestion: "Send a file with something in it.")

    private static func wrongSize(_ announced: Int64) -> SyncError {
        SyncError(
            .generationInputValidationFailed, "The file does not have the \(announced) bytes that were announced.",
            suggestion: "Announce the file again with its size, and send all of it.", field: "size")
    }

    /// Takes an announced file.
    ///
    /// - Parameters:
    ///   - kind: By which links it is sent.
    ///   - isExact: Whether it must have as many bytes as were announced; otherwise those are a limit.
    func receive(_ call: Call, by kind: LinkKind, isExact: Bool) async throws -> HTTPResponse {
        let id: UploadID = try call.id(.uploadedFileNotFound)
        do { try files.check(kind, id, call) } catch {
            throw HTTPError(.forbidden, "forbidden", "The upload address is wrong or too old. Announce the file again.")
        }
        let announced = call.request.body.announcedBytes
        if let upload = try await store.upload(id), upload.lifecycle.blob == nil {
            try await intake.checkStorage(
                upload.organisation, adding: isExact ? upload.lifecycle.byteLimit : announced ?? 0)
        }
        let now = clock.now
        switch try await store.updateUpload(id, { $0.begin(announcedByteCount: announced, now: now) }) {
        case .receive: break
        case .refuse(let code): throw GenerationError(code)
        default: throw SyncError(.uploadedFileNotFound)
        }
        do {
            let expected = try await store.upload(id)?.lifecycle.byteLimit ?? 0
            let blob = try await receiver.receive(call.request.body) { byteCount, isWhole in
                guard isExact else {
                    if byteCount > expected { throw GenerationError(.fileTooLarge) }
                    if isWhole, byteCount == 0 { throw Self.empty }
                    return
                }
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
