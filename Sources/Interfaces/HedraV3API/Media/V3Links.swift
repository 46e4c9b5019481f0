import Access
import Generations
import HTTP
public import WebInterface

extension LinkKind {
    /// A file that a client has sent; the address is the handle by which inputs name it, for an hour.
    static let v3File = LinkKind("hedra3-file", path: "/v3/files/{id}")
    /// An output of a job.
    static let v3Output = LinkKind("hedra3-output", path: "/v3/outputs/{id}")
}

extension HedraV3API {
    /// The links that this interface hands out.
    public static let links: [FileLink] = [.asset(.v3File), .asset(.v3Output)]
}

/// Names with a prefix, as the contract writes them.
enum V3ID {
    static func job(_ id: GenerationID) -> String { "job_\(id.rawValue)" }
    static func asset(_ id: AssetID) -> String { "asset_\(id.rawValue)" }
    static func voice(_ uuid: String) -> String { "voice_\(uuid)" }

    /// The part behind a prefix, where it is a UUID; the bare one as well.
    static func uuid(_ text: String, prefix: String) -> String? {
        let part = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        return AssetID(parsing: part)?.rawValue
    }
}
