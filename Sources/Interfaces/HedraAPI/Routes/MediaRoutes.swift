import Gateway
import Generations
import HTTP

/// Files behind links that prove themselves, and the sending of announced ones.
extension HedraAPI {
    var mediaRoutes: [Route] {
        [
            Route(method: .get, path: "/media/{id}", isOpen: true) { try await file(.medium(try $0.id()), $0) },
            Route(method: .get, path: "/media/{id}/thumbnail", isOpen: true) {
                try await file(.thumbnail(try $0.id()), $0)
            },
            Route(
                method: .put, path: "/media/{id}/file", isOpen: true,
                options: HTTPRouteOptions(maximumBodyBytes: settings.uploadByteLimit), handle: receiveFile),
        ]
    }

    private func file(_ subject: LinkSubject, _ call: Call) async throws -> HTTPResponse {
        guard links.isOpen(subject, to: call.request, now: clock.now) else {
            throw Refusal(.unauthorized, "The link's token is missing, wrong or too old.")
        }
        guard let file = try await LocalMedia(store: store).file(of: subject),
            let response = try await file.response(to: call.request, from: blobs)
        else { throw Refusal(.notFound, "The file does not exist any more.") }
        return response
    }

    /// The one call that sends the bytes of a video; nothing else follows it.
    private func receiveFile(_ call: Call) async throws -> HTTPResponse {
        let id: AssetID = try call.id()
        guard links.isOpen(.assetSending(id), to: call.request, now: clock.now) else {
            throw Refusal(
                .unauthorized, "The upload address is wrong or too old.",
                suggestion: "Create the asset again.", status: 403)
        }
        guard let asset = try await store.anyAsset(id) else { throw GenerationError(.assetNotFound) }
        try await intake.checkStorage(asset.organisation, adding: call.request.body.announcedBytes ?? 0)
        let writer = try await blobs.makeWriter()
        let blob: BlobFacts
        do {
            for try await chunk in call.request.body { try await writer.write(chunk) }
            blob = try await writer.finish(as: nil)
        } catch {
            await writer.discard()
            throw error
        }
        _ = try await keep(blob.key, for: asset)
        return HTTPResponse(.ok, headers: ["ETag": "\"\(blob.key.rawValue.suffix(64))\""])
    }
}
