/// A stable name of a failure, as both interfaces' clients match on it. Codes are added, never changed.
public struct ErrorCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The name on the wire.
    public let rawValue: String
    /// Wraps a name; the catalogue has the known ones.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The name on the wire.
    public var description: String { rawValue }
    /// What the catalogue says, or the entry for an unknown failure where this code is not in it.
    public var entry: ErrorEntry { ErrorCatalog.entry(for: self) }
}

/// Which part of the service a code belongs to.
public enum ErrorCategory: String, Sendable, CaseIterable {
    /// What the client sent.
    case request
    /// The media that the request names.
    case media
    /// Another stored thing that the request names.
    case resource
    /// Plans, payment and quotas.
    case account
    /// Speech and voices.
    case voice
    /// The making of the video.
    case processing
    /// This server or what it stands on.
    case service
}

/// One line of the catalogue.
public struct ErrorEntry: Hashable, Sendable {
    /// The stable name.
    public let code: ErrorCode
    /// One sentence for people, without private detail.
    public let message: String
    /// What to do about it, one sentence.
    public let suggestion: String
    /// The status number with which an interface answers, unless the place says otherwise.
    public let status: Int
    /// Whether the same request may succeed later.
    public let isRetryable: Bool
    /// The part of the service.
    public let category: ErrorCategory
    /// Whether the public list of codes shows it.
    public let isPublished: Bool
}

/// Every code that this server can give, with its own words.
public enum ErrorCatalog {
    /// The published list, in its order.
    public static let published: [ErrorEntry] = all.filter(\.isPublished)

    /// Every entry, also those that the published list leaves out.
    public static let all: [ErrorEntry] =
        requestEntries + accountEntries + resourceEntries + voiceEntries + serviceEntries + unpublishedEntries

    /// The entry of `code`, or that of an unknown failure.
    public static func entry(for code: ErrorCode) -> ErrorEntry { byCode[code] ?? byCode[.generationUnknownError]! }

    private static let byCode = Dictionary(uniqueKeysWithValues: all.map { ($0.code, $0) })
}
