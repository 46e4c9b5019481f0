import Generations
import HTTP
import Text
import Time
import WebInterface

/// Makes files that clients send the contents of announced assets.
struct AssetContents: Sendable {
    let store: any AssetStore
    let inspector: any MediaInspector
    let intake: GenerationIntake
    let receiver: UploadReceiver
    let clock: any WallClock

    /// Takes a body that is the file itself.
    func receive(_ body: HTTPBody, for asset: Asset) async throws -> BlobFacts {
        try await intake.checkStorage(asset.organisation, adding: body.announcedBytes ?? 0)
        let blob = try await receiver.receive(body)
        _ = try await keep(blob.key, for: asset)
        return blob
    }

    /// Takes the part `file` of a form.
    func receiveForm(_ request: HTTPRequest, for asset: Asset, byteLimit: Int64) async throws -> Asset {
        try await intake.checkStorage(asset.organisation, adding: request.body.announcedBytes ?? 0)
        var limits = MultipartLimits()
        limits.maximumFileBytes = byteLimit
        limits.maximumTotalBytes = byteLimit + (1 << 20)
        let missing = RequestError.fields([.missing(["body", "file"], input: .null)])
        guard request.headers["Content-Type"]?.lowercased().hasPrefix("multipart/form-data") == true else {
            throw missing
        }
        let form = try await receiver.form(of: request, limits: limits) { $0.name == "file" }
        guard let blob = form.files.last?.blob else { throw missing }
        return try await keep(blob.key, for: asset)
    }

    /// Makes a file that has arrived an asset's content, if it is what it was announced to be.
    private func keep(_ blob: BlobKey, for asset: Asset) async throws -> Asset {
        // The same file again is a client that did not hear the answer.
        if asset.blob == blob { return asset }
        do { return try await replaceContent(of: asset, with: blob) } catch {
            // A file that was refused goes within minutes, unless it is another asset's, too.
            await receiver.discard([blob])
            throw error
        }
    }

    private func replaceContent(of asset: Asset, with blob: BlobKey) async throws -> Asset {
        var changed = asset
        changed.take(try await inspector.facts(of: blob, as: asset.kind, field: .named("file")))
        changed.blob = blob
        changed.updatedAt = clock.now
        // Between the look into the file and this moment somebody may have used the asset.
        guard try await store.replaceContent(of: changed, known: asset.blob) else {
            throw Refusal(
                .failedPrecondition, "The asset is in use; its content cannot be replaced.",
                suggestion: "Create another asset.")
        }
        return changed
    }
}
