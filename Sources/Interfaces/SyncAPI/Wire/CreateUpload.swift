import Generations
import HTTP
import Text
import Time
import WebInterface

/// What a create request brought: its body, and the files of its form as assets that are not stored yet.
struct CreateUpload: Sendable {
    var body: CreateBody
    var assets: [Asset] = []
    /// The names of the files' contents, by the names of their parts.
    var digests: [String: [UInt8]] = [:]
    /// What tells equal requests: the fields without the names of assets that were only made for this one.
    var fields: JSONValue

    init(body: CreateBody) {
        self.body = body
        fields = body.fields
    }
}

/// Reads create requests and stores the files that they bring.
struct CreateUploadReader: Sendable {
    let inspector: any MediaInspector
    let intake: GenerationIntake
    let receiver: UploadReceiver
    let settings: SyncSettings
    let clock: any WallClock

    private static let fileParts: [String: MediaKind] = ["video": .video, "image": .image, "audio": .audio]

    /// Reads a create request in any of its three forms.
    func read(_ call: Call) async throws -> CreateUpload {
        let type = call.request.headers["Content-Type"]?.lowercased() ?? ""
        if type.hasPrefix("multipart/form-data") { return try await readForm(call) }
        if type.hasPrefix("application/x-www-form-urlencoded") {
            let bytes = try await call.request.body.collect(maximumBytes: 4 << 20)
            // `curl -d '{…}'` without a header calls its JSON a form.
            if bytes.first(where: { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }) == UInt8(ascii: "{") {
                return CreateUpload(body: CreateBody(try Call.members(of: bytes), rules: settings.rules))
            }
            var request = call.request
            request.body = HTTPBody(bytes)
            let form = try await request.readForm(maximumBytes: bytes.count)
            return CreateUpload(
                body: CreateBody(try FormBody.members(fields: form.pairs, assets: [:]), rules: settings.rules))
        }
        return CreateUpload(body: CreateBody(try await call.members(takesAnyType: true), rules: settings.rules))
    }

    private func readForm(_ call: Call) async throws -> CreateUpload {
        try await intake.checkStorage(call.organisation, adding: call.request.body.announcedBytes ?? 0)
        var limits = MultipartLimits()
        limits.maximumParts = 35
        limits.maximumFileBytes = settings.formFileByteLimit
        limits.maximumTotalBytes = 3 * (settings.formFileByteLimit + 1) + (64 << 20)
        let form: UploadReceiver.Form
        do {
            form = try await receiver.form(of: call.request, limits: limits) { part in
                guard Self.fileParts[part.name] != nil else {
                    throw SyncError(
                        .generationInputValidationFailed, "\(part.name) is no file part; use video, image or audio.",
                        field: part.name)
                }
                return true
            }
        } catch let error as HTTPError where error.status == .contentTooLarge {
            throw SyncError(
                .generationInputValidationFailed, error.message,
                suggestion: "Send a larger file as a url in input, or upload it as an asset first.", status: 413,
                detail: error.detail)
        }
        do {
            guard form.fields.count <= 32 else {
                throw SyncError(
                    .generationInputValidationFailed, "The form has more than 32 fields.", status: 413)
            }
            return try await take(form, call)
        } catch {
            await receiver.discard(form.files.map(\.blob.key))
            throw error
        }
    }

    /// Gives back what a request brought that was refused later, or that a known key made superfluous.
    func discard(_ upload: CreateUpload) async { await receiver.discard(upload.assets.compactMap(\.blob)) }

    private func take(_ form: UploadReceiver.Form, _ call: Call) async throws -> CreateUpload {
        var upload = CreateUpload(
            body: CreateBody(try FormBody.members(fields: form.fields, assets: [:]), rules: settings.rules))
        var names: [String: AssetID] = [:]
        for file in form.files {
            let (part, facts) = (file.part.name, file.blob)
            guard let kind = Self.fileParts[part] else { continue }
            guard names[part] == nil else {
                throw SyncError(
                    .generationInputValidationFailed, "\(part) may be given only once.", field: part)
            }
            // Neither the file's name nor its type is to be trusted; a client library sends `upload` and no type.
            let media = try await inspector.facts(of: facts.key, as: kind, field: .named(part))
            var asset = Asset(
                organisation: call.organisation, createdAt: clock.now, name: Self.name(of: file.part, media),
                kind: kind, origin: .upload, blob: facts.key)
            asset.take(media)
            names[part] = asset.id
            upload.assets.append(asset)
            upload.digests[part] = Array(facts.key.rawValue.utf8)
        }
        upload.body = CreateBody(try FormBody.members(fields: form.fields, assets: names), rules: settings.rules)
        return upload
    }

    private static func name(of part: MultipartPart, _ media: MediaFacts) -> String {
        let last = part.fileName?.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
        return last.isEmpty ? "upload.\(media.format)" : String(last.prefix(255))
    }
}
