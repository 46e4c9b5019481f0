/// The name of one stored thing, typed by what it names so that two kinds cannot be mixed up.
public struct Identifier<Entity>: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The identifier as it is stored and sent.
    public let rawValue: String

    /// Wraps a stored identifier; `init(parsing:)` is for what a client sent.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A new random UUID, lower-case.
    public init() { rawValue = RandomBytes.uuid() }

    /// A client's UUID in lower case, or nil where the text has another form.
    public init?(parsing text: some StringProtocol) {
        guard let uuid = lowercaseUUID(String(text)) else { return nil }
        rawValue = uuid
    }

    /// The identifier as it is stored and sent.
    public var description: String { rawValue }

    /// Orders by text.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A UUID in lower case, mostly the same text; nil where the text has another form.
private func lowercaseUUID(_ text: String) -> String? {
    guard text.utf8.count == 36 else { return nil }
    var isLowercase = true
    for (index, byte) in text.utf8.enumerated() {
        let isDashHere = index == 8 || index == 13 || index == 18 || index == 23
        switch byte {
        case 0x2D where isDashHere, 0x30...0x39 where !isDashHere, 0x61...0x66 where !isDashHere: continue
        case 0x41...0x46 where !isDashHere: isLowercase = false
        default: return nil
        }
    }
    return isLowercase ? text : text.lowercased()
}

/// Names an organisation, the owner of everything else.
public enum OrganisationEntity {}
/// Names an organisation, the owner of everything else.
public typealias OrganisationID = Identifier<OrganisationEntity>
/// Names a generation.
public typealias GenerationID = Identifier<Generation>
/// Names an asset.
public typealias AssetID = Identifier<Asset>
/// Names a project.
public typealias ProjectID = Identifier<Project>
/// Names a batch.
public typealias BatchID = Identifier<Batch>
/// Names an API key, not its secret.
public typealias APIKeyID = Identifier<APIKey>
/// Names an upload.
public typealias UploadID = Identifier<Upload>
/// Names a webhook delivery.
public typealias DeliveryID = Identifier<WebhookDelivery>

extension String {
    /// Its first Unicode scalars, at most `count`. A character may have any number of them, so that a limit in characters
    /// limits nothing.
    public func prefix(scalars count: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(count)))
    }
}
