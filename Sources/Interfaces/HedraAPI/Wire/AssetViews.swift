import Access
import Generations
import Text
import Time
import WebInterface

/// Assets as this interface shows them, with those that they were made of inside them.
struct AssetViews: Sendable {
    let store: any AssetStore & GenerationStore
    let links: SignedLinks
    let organisation: OrganisationID
    let base: String

    /// What was looked up for a list, once for all of it.
    private struct Lookup {
        var assets: [AssetID: Asset] = [:]
        var makers: [GenerationID: Generation] = [:]
    }

    /// Assets by their names; those that do not exist are left out.
    func json(ids: Set<AssetID>) async throws -> [AssetID: JSONValue] {
        let assets = Array(try await assets(ids).values)
        return Dictionary(uniqueKeysWithValues: zip(assets.map(\.id), try await json(assets)))
    }

    /// Assets in their order.
    func json(_ assets: [Asset]) async throws -> [JSONValue] {
        var lookup = Lookup()
        lookup.makers = try await makers(of: assets)
        let parts = lookup.makers.values.flatMap(Self.parts)
        lookup.assets = try await self.assets(Set(parts))
        let further = lookup.assets.values.filter { asset in asset.generation.map { lookup.makers[$0] == nil } ?? false
        }
        lookup.makers.merge(try await makers(of: Array(further))) { old, _ in old }
        return assets.map { json($0, lookup) }
    }

    private func assets(_ ids: Set<AssetID>) async throws -> [AssetID: Asset] {
        guard !ids.isEmpty else { return [:] }
        let filter = AssetFilter(organisation: organisation, ids: ids)
        let page = try await store.assets(filter, sort: .dateDesc, after: nil, limit: ids.count)
        return Dictionary(page.items.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    }

    private func makers(of assets: [Asset]) async throws -> [GenerationID: Generation] {
        let ids = Set(assets.compactMap(\.generation))
        guard !ids.isEmpty else { return [:] }
        let filter = GenerationFilter(organisation: organisation, ids: ids, sources: [HedraAPI.source])
        let found = try await store.generations(filter, after: nil, limit: nil)
        return Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    }

    /// The assets that a video was made of and shows inside itself.
    private static func parts(_ generation: Generation) -> [AssetID] {
        [
            keyframe("start_keyframe_id", .visual, of: generation),
            keyframe("end_keyframe_id", .endFrame, of: generation), voice(of: generation),
        ].compactMap { $0 }
    }

    /// A keyframe by the name in the request, or what was fetched from its address.
    private static func keyframe(_ name: String, _ role: InputRole, of generation: Generation) -> AssetID? {
        if let id = generation.request.echo["request"]?[name]?.text { return AssetID(rawValue: id) }
        return generation.request.inputs.first { $0.role == role }?.keptAs
    }

    private static func voice(of generation: Generation) -> AssetID? {
        if let speech = generation.request.speechAsset { return speech }
        for input in generation.request.inputs where input.role == .voice {
            if case .asset(let id) = input.source { return id }
        }
        return nil
    }

    // MARK: One asset

    private func json(_ asset: Asset, _ lookup: Lookup) -> JSONValue {
        let url = asset.blob == nil ? asset.remoteURL ?? "" : links.url(.medium, asset.id, base: base)
        let thumbnail: String
        if asset.thumbnailBlob != nil {
            thumbnail = links.url(.thumbnail, asset.id, base: base)
        } else {
            // The published SDK takes nothing but a text.
            thumbnail = asset.kind == .image ? url : ""
        }
        let maker = asset.generation.flatMap { lookup.makers[$0] }
        let inner: JSONValue
        switch asset.kind {
        case .image:
            inner = picture(asset, maker, url: url)
        case .audio, .text: inner = sound(asset, maker, url: url)
        case .video: inner = video(asset, maker, lookup, url: url, poster: thumbnail)
        }
        return [
            "id": .string(asset.id.rawValue), "type": .string(asset.kind.rawValue), "name": .string(asset.name),
            "thumbnail_url": .string(thumbnail), "description": .null, "is_favorite": false, "recent": false,
            "created_at": .string(asset.createdAt.iso8601), "favorited_at": .null, "asset": inner,
        ]
    }

    private func picture(_ asset: Asset, _ maker: Generation?, url: String) -> JSONValue {
        var members: [String: JSONValue] = [
            "type": "uploaded_image", "width": .whole(asset.width ?? 0), "height": .whole(asset.height ?? 0),
            "url": .string(url),
        ]
        guard let request = maker?.request.echo["request"] else { return .object(members) }
        members["type"] = "generated_image"
        members["generated_image_inputs"] = [
            // A picture that was enlarged has no description, which strict clients demand.
            "text_prompt": "", "ai_model_id": request["ai_model_id"] ?? .null,
            "model_slug": request["model_slug"] ?? .null, "aspect_ratio": .null,
            "resolution": request["target_resolution"] ?? .null, "start_keyframe_id": .null,
            "reference_image_ids": request["image_id"].map { [$0] } ?? .null,
        ]
        return .object(members)
    }

    private static func milliseconds(_ asset: Asset) -> JSONValue {
        .integer((asset.durationSeconds ?? 0).milliseconds)
    }

    private func sound(_ asset: Asset, _ maker: Generation?, url: String) -> JSONValue {
        let request = maker?.request.echo["request"]
        // What was made of another sound has no text, and shows the voice that it was said in.
        let isWhole = maker.map { !$0.request.kind.movesLips } ?? false
        guard let request, let spoken = isWhole ? request : request["audio_generation"] else {
            return [
                "type": "uploaded_audio", "duration_ms": Self.milliseconds(asset), "url": .string(url),
                "transcriptions": .null,
            ]
        }
        return [
            "type": "generated_audio", "duration_ms": Self.milliseconds(asset), "url": .string(url),
            "transcriptions": .null,
            "generated_audio_inputs": [
                "text_prompt": spoken["text"] ?? "",
                "ai_model_id": spoken["model_id"] ?? spoken["ai_model_id"] ?? .null,
                "model_slug": spoken["model_slug"] ?? .null, "voice_name": request["voice_name"] ?? .null,
                "voice_id": spoken["voice_id"] ?? .null, "stability": spoken["stability"] ?? .null,
                "speed": spoken["speed"] ?? .null, "language": spoken["language"] ?? .null,
            ],
        ]
    }

    private func video(
        _ asset: Asset, _ maker: Generation?, _ lookup: Lookup, url: String, poster: String
    ) -> JSONValue {
        var members: [String: JSONValue] = [
            "type": "uploaded_video", "width": .whole(asset.width ?? 0), "height": .whole(asset.height ?? 0),
            "duration_ms": Self.milliseconds(asset), "url": .string(url), "download_url": .string(url),
            "streaming_url": .string(url), "poster_url": poster.isEmpty ? .null : .string(poster),
        ]
        guard let maker, let request = maker.request.echo["request"] else { return .object(members) }
        func nested(_ id: AssetID?) -> JSONValue {
            id.flatMap { lookup.assets[$0] }.map { json($0, lookup) } ?? .null
        }
        members["type"] = "generated_video"
        members["preview_url"] = .string(url)
        members["generated_video_inputs"] =
            request["generated_video_inputs"]
            ?? ["text_prompt": "", "resolution": request["target_resolution"] ?? .null]
        members["keyframe_start"] = nested(Self.keyframe("start_keyframe_id", .visual, of: maker))
        members["keyframe_end"] = nested(Self.keyframe("end_keyframe_id", .endFrame, of: maker))
        members["audio"] = nested(Self.voice(of: maker))
        for name in ["reference_image_ids", "reference_audio_ids", "reference_video_ids"] {
            members[name] = request[name] ?? .null
        }
        members["source_video_id"] = request["video_id"] ?? .null
        return .object(members)
    }
}

extension Double {
    /// Seconds in whole milliseconds; what no medium can last, such as a forged header claims, becomes what it ends at.
    var milliseconds: Int64 {
        guard isFinite else { return 0 }
        return Int64((Swift.min(Swift.max(self, 0), 1e12) * 1000).rounded())
    }
}
