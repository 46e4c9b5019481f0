import Generations
import HTTP
import Text

/// A form's fields and files as the members of a JSON body, by the rules that real clients need:
///
/// - `input` may come never, once or often, each time a list or one item.
/// - An item without an address is a place for the file of its type; a file without an item adds one; a file wins over
///   the address of an item of its type.
/// - Flat option fields count where `options` does not say otherwise.
enum FormBody {
    private static let flatOptions = [
        "sync_mode", "temperature", "occlusion_detection_enabled", "active_speaker_detection", "active_speaker",
    ]
    private static let nested: Set<String> = ["options", "segments", "dubParams", "dialogueEdit"]
    private static let plain: Set<String> = ["model", "webhookUrl", "outputFileName", "projectId"]

    /// - Parameter assets: The stored files by the name of their part: `video`, `image`, `audio`.
    static func members(
        fields: [HTTPQuery.Pair], assets: [String: AssetID]
    ) throws(SyncError) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        var items: [JSONValue] = []
        var hasInput = false
        for (name, value) in fields {
            if plain.contains(name) {
                if members[name] == nil { members[name] = .string(value) }
            } else if nested.contains(name) {
                if members[name] == nil, !value.isEmpty { members[name] = try parse(value, field: name) }
            } else if name == "input", !value.isEmpty {
                hasInput = true
                let parsed = try parse(value, field: name)
                if let list = parsed.array { items += list } else { items.append(parsed) }
            }
        }
        try mergeFlatOptions(fields, into: &members)
        items = place(assets, into: items)
        items = place(addresses: fields, into: items)
        if hasInput || !items.isEmpty { members["input"] = .array(items) }
        return members
    }

    private static func parse(_ text: String, field: String) throws(SyncError) -> JSONValue {
        do throws(JSONSyntaxError) { return try JSONValue(parsing: text) } catch {
            throw SyncError(
                .generationInputValidationFailed, "\(field) must be JSON: \(error.reason).", field: field)
        }
    }

    private static func mergeFlatOptions(
        _ fields: [HTTPQuery.Pair], into members: inout [String: JSONValue]
    ) throws(SyncError) {
        guard members["options"] == nil || members["options"]?.object != nil else { return }
        var options = members["options"]?.object ?? [:]
        for name in flatOptions where options[name] == nil {
            guard let value = fields.first(where: { $0.name == name })?.value, !value.isEmpty else { continue }
            // The dial of the 2025 clients must not fight with the newer choice.
            if name == "active_speaker", options["active_speaker_detection"] != nil { continue }
            options[name] = name == "active_speaker_detection" ? try parse(value, field: name) : scalar(value)
        }
        if !options.isEmpty || members["options"] != nil { members["options"] = .object(options) }
    }

    private static func scalar(_ text: String) -> JSONValue {
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default: return Double(text).flatMap { $0.isFinite ? .number($0) : nil } ?? .string(text)
        }
    }

    private static func place(_ assets: [String: AssetID], into items: [JSONValue]) -> [JSONValue] {
        var items = items
        for type in ["video", "image", "audio"] {
            guard let asset = assets[type] else { continue }
            let index = items.firstIndex { $0["type"]?.text == type }
            var item = index.flatMap { items[$0].object } ?? ["type": .string(type)]
            item["url"] = nil
            item["assetId"] = .string(asset.rawValue)
            if let index { items[index] = .object(item) } else { items.append(.object(item)) }
        }
        return items
    }

    private static func place(addresses fields: [HTTPQuery.Pair], into items: [JSONValue]) -> [JSONValue] {
        var items = items
        for (type, name) in [("video", "video_url"), ("image", "image_url"), ("audio", "audio_url")] {
            guard let url = fields.first(where: { $0.name == name })?.value, !url.isEmpty else { continue }
            if let index = items.firstIndex(where: { $0["type"]?.text == type }) {
                guard var item = items[index].object, items[index]["url"] == nil, items[index]["assetId"] == nil else {
                    continue
                }
                item["url"] = .string(url)
                items[index] = .object(item)
            } else {
                items.append(["type": .string(type), "url": .string(url)])
            }
        }
        return items
    }
}
