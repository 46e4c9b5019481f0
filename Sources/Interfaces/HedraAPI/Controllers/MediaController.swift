import Access
import Generations
import HTTP
import WebInterface

/// Files behind links that prove themselves, and the sending of announced ones.
struct MediaController: Sendable {
    let store: any AssetStore
    let files: LinkedFiles
    let contents: AssetContents
    /// The largest file, in bytes.
    let byteLimit: Int64

    var endpoints: [Endpoint] {
        [
            files.endpoint(.medium) { try $0.id() as AssetID }, files.endpoint(.thumbnail) { try $0.id() as AssetID },
            Endpoint(
                .put, LinkKind.assetSending.path, callers: .anybody,
                options: HTTPRouteOptions(maximumBodyBytes: byteLimit), handle: receiveFile),
        ]
    }

    /// The one call that sends the bytes of a video; nothing else follows it.
    private func receiveFile(_ call: Call) async throws -> HTTPResponse {
        let id: AssetID = try call.id()
        do { try files.check(.assetSending, id, call) } catch {
            throw Refusal(
                .unauthorized, "The upload address is wrong or too old.",
                suggestion: "Create the asset again.", status: 403)
        }
        guard let asset = try await store.anyAsset(id) else { throw GenerationError(.assetNotFound) }
        return UploadReceiver.received(try await contents.receive(call.request.body, for: asset))
    }
}
