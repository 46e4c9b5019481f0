import Generations
import HTTP

/// What a link without a key opens.
public enum LinkSubject: Hashable, Sendable {
    /// A generation's whole video.
    case result(GenerationID)
    /// A generation's processed part.
    case segment(GenerationID)
    /// The sound that was made of a generation's text.
    case speech(GenerationID)
    /// An asset's file.
    case asset(AssetID)
    /// A batch's file of results.
    case batch(BatchID)
    /// The sending of an announced file.
    case sending(UploadID)
    /// An announced file, once it has arrived.
    case upload(UploadID)
    /// An asset's file, by an address that belongs to no interface's version.
    case medium(AssetID)
    /// A small picture of an asset.
    case thumbnail(AssetID)
    /// The sending of the file of an announced asset.
    case assetSending(AssetID)

    var signed: String {
        switch self {
        case .result(let id): "result/\(id)"
        case .segment(let id): "segment/\(id)"
        case .speech(let id): "speech/\(id)"
        case .asset(let id): "asset/\(id)"
        case .batch(let id): "batch/\(id)"
        case .sending(let id): "sending/\(id)"
        case .upload(let id): "upload/\(id)"
        case .medium(let id): "medium/\(id)"
        case .thumbnail(let id): "thumbnail/\(id)"
        case .assetSending(let id): "asset-sending/\(id)"
        }
    }

    /// The path below the public address.
    public var path: String {
        switch self {
        case .result(let id): "/v2/generations/\(id)/result"
        case .segment(let id): "/v2/generations/\(id)/segment"
        case .speech(let id): "/v2/generations/\(id)/speech"
        case .asset(let id): "/v2/assets/\(id)/content"
        case .batch(let id): "/v2/batches/\(id)/result"
        case .sending(let id), .upload(let id): "/v2/uploads/\(id)"
        case .medium(let id): "/media/\(id)"
        case .thumbnail(let id): "/media/\(id)/thumbnail"
        case .assetSending(let id): "/media/\(id)/file"
        }
    }

    /// The subject of a path, read back; `nil` for other paths.
    init?(path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        if parts.count == 2, parts[0] == "media" {
            self = .medium(AssetID(rawValue: String(parts[1])))
            return
        }
        if parts.count == 3, parts[0] == "media", parts[2] == "thumbnail" {
            self = .thumbnail(AssetID(rawValue: String(parts[1])))
            return
        }
        guard parts.count >= 3, parts[0] == "v2" else { return nil }
        switch (parts[1], parts.count == 4 ? parts[3] : "") {
        case ("generations", "result"): self = .result(GenerationID(rawValue: String(parts[2])))
        case ("generations", "segment"): self = .segment(GenerationID(rawValue: String(parts[2])))
        case ("generations", "speech"): self = .speech(GenerationID(rawValue: String(parts[2])))
        case ("assets", "content"): self = .asset(AssetID(rawValue: String(parts[2])))
        case ("uploads", ""): self = .upload(UploadID(rawValue: String(parts[2])))
        default: return nil
        }
    }
}

/// Makes and checks the links that open one thing without a key.
public struct DownloadLinks: Sendable {
    /// How long a link lasts that is asked for as one to download by.
    public static let validity = Duration.seconds(7 * 86_400)

    private let signer: DownloadTokenSigner

    /// Makes links with the installation's secret.
    public init(signer: DownloadTokenSigner) { self.signer = signer }

    /// The link to `subject` below the public address `base`; without an expiry it opens as long as the thing exists.
    public func url(_ subject: LinkSubject, base: String, expiry: Timestamp? = nil) -> String {
        "\(base)\(subject.path)?token=\(signer.token(for: subject.signed, expiry: expiry))"
    }

    /// Whether the `token` of a request opens `subject`.
    public func isOpen(_ subject: LinkSubject, to request: HTTPRequest, now: Timestamp) -> Bool {
        request.query["token"].map { signer.isValid($0, for: subject.signed, now: now) } ?? false
    }

    /// What one of our own links opens, whichever name the server was called by; `nil` for any other address. A client
    /// may send such a link as an input, and the file is then at hand without a call to ourselves.
    public func subject(of url: String, now: Timestamp) -> LinkSubject? {
        guard let mark = url.firstRange(of: "://"), let slash = url[mark.upperBound...].firstIndex(of: "/"),
            let request = try? HTTPRequest(.get, String(url[slash...])), let subject = LinkSubject(path: request.path)
        else { return nil }
        return isOpen(subject, to: request, now: now) ? subject : nil
    }
}
