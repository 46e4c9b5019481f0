import Access
import Generations
import HTTP
import Text
import Time
import WebInterface

/// Finds the media that an input names.
struct MediaLookup: Sendable {
    let store: any AssetStore
    let links: SignedLinks
    /// Whether addresses of others are fetched.
    let takesAddresses: Bool
    let clock: any WallClock

    /// A medium as an order names it, with the asset that it is of, where it lies here.
    struct Found: Sendable {
        var source: InputSource
        var asset: Asset?
    }

    /// The media of an input, by the names of their fields.
    ///
    /// - Throws: `V3Refusal` that names every medium that cannot be had.
    func media(of values: InputValues, organisation: OrganisationID) async throws -> [String: Found] {
        var found: [String: Found] = [:]
        var problems: [InvalidInput] = []
        for (name, reference, rule) in values.media {
            do {
                let medium = try await find(reference, organisation: organisation)
                if let asset = medium.asset { try Self.check(asset, rule, at: reference.field) }
                found[name] = medium
            } catch let problem as InvalidInput { problems.append(problem) }
        }
        if !problems.isEmpty { throw V3Refusal(fields: problems) }
        return found
    }

    private func find(_ reference: MediaReference, organisation: OrganisationID) async throws -> Found {
        let field = reference.field
        switch reference.source {
        case .asset(let text):
            if text.hasPrefix("job_") {
                throw InvalidInput(
                    field, "not_found", "\(field) names a job; use the asset_id of one of its outputs[].asset_id.")
            }
            guard let id = V3ID.uuid(text, prefix: "asset_"),
                let asset = try await store.asset(AssetID(rawValue: id), organisation: organisation),
                asset.blob != nil || asset.remoteURL != nil
            else { throw InvalidInput(field, "not_found", "\(field): there is no asset \(text.prefix(100)).") }
            return Found(source: .asset(asset.id), asset: asset)
        case .url(let url):
            if let id = try own(url, field),
                let asset = try await store.asset(AssetID(rawValue: id), organisation: organisation)
            {
                return Found(source: .asset(asset.id), asset: asset)
            }
            if let problem = WebAddress.problem(in: url) {
                throw InvalidInput(field, "type", "\(field).url \(problem)")
            }
            let path = url.firstRange(of: "://").map { url[$0.upperBound...] }.flatMap { rest in
                rest.firstIndex(of: "/").map { rest[$0...] }
            }
            if path?.hasPrefix("/v3/files/") == true {
                throw InvalidInput(
                    field, "unknown_handle", "\(field).url is no address of POST /files; send it as it was given.")
            }
            guard takesAddresses else {
                throw InvalidInput(
                    field, "unknown_handle", "\(field).url must be an address of POST /files on this server.")
            }
            return Found(source: .url(url), asset: nil)
        }
    }

    /// The asset behind an address of this interface; nil for any other address.
    private func own(_ url: String, _ field: String) throws(InvalidInput) -> String? {
        let now = clock.now
        if let link = links.subject(of: url, now: now) {
            return link.kind == .v3File || link.kind == .v3Output ? link.id : nil
        }
        // A token whose time is over was good at every earlier moment.
        if let link = links.subject(of: url, now: Timestamp(milliseconds: 0)), link.kind == .v3File {
            throw InvalidInput(
                field, "expired",
                "\(field).url could be used for \(FileController.validity.components.seconds / 60) minutes; send the file again."
            )
        }
        return nil
    }

    private static func check(
        _ asset: Asset, _ rule: InputField.Medium, at field: String
    ) throws(InvalidInput) {
        guard asset.kind == rule.kind else {
            throw InvalidInput(field, "media_type", "\(field) must be of type \(rule.kind), not \(asset.kind).")
        }
        if let bytes = asset.byteCount, bytes > rule.byteLimit {
            throw InvalidInput(
                field, "max_file_size_bytes", "\(field) must have at most \(rule.byteLimit) bytes.")
        }
        guard let range = rule.seconds, let seconds = asset.durationSeconds else { return }
        // Frames of sound and picture round lengths up.
        if seconds < range.lowerBound - 0.05 {
            throw InvalidInput(
                field, "min_duration_ms",
                "\(field) must last \(Int64((range.lowerBound * 1000).rounded())) ms at least.")
        }
        if seconds > range.upperBound + 0.1 {
            throw InvalidInput(
                field, "max_duration_ms",
                "\(field) must last \(Int64((range.upperBound * 1000).rounded())) ms at most.")
        }
    }
}
