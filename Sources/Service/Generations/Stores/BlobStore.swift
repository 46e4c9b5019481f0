import Text
public import Time

/// The name of a stored file: parts of letters, digits, dots, underscores and hyphens with slashes between.
public struct BlobKey: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let rawValue: String
    /// Wraps a name that this program made.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The name.
    public var description: String { rawValue }

    /// The name of an uploaded file: the digest of its content, so that equal files are stored once.
    public static func content(digest: [UInt8]) -> BlobKey {
        let text = Hexadecimal.encode(digest)
        return BlobKey(rawValue: "content/\(text.prefix(2))/\(text)")
    }

    /// The name of an attempt's output: with the fence in it, two attempts can never write the same file.
    public static func output(_ generation: GenerationID, fence: Int64, name: String) -> BlobKey {
        BlobKey(rawValue: "outputs/\(generation.rawValue.prefix(2))/\(generation)/\(fence)-\(name)")
    }

    /// The name of a file that an attempt at a part of a divided job leaves for other parts.
    public static func part(_ part: PartName, fence: Int64, name: String) -> BlobKey {
        let generation = part.generation
        return BlobKey(rawValue: "parts/\(generation.rawValue.prefix(2))/\(generation)/\(part.number)-\(fence)-\(name)")
    }

    /// The name of a file that is stored under this one: the content's digest stands before the extension, so that a
    /// store can tell later whether the file is still what was stored. A name that has a digest already stays.
    public func carrying(digest: [UInt8]) -> BlobKey {
        guard self.digest == nil else { return self }
        let text = Hexadecimal.encode(digest)
        let nameStart = rawValue.lastIndex(of: "/").map { rawValue.index(after: $0) } ?? rawValue.startIndex
        guard let dot = rawValue[nameStart...].lastIndex(of: ".") else {
            return BlobKey(rawValue: "\(rawValue).\(text)")
        }
        return BlobKey(rawValue: "\(rawValue[..<dot]).\(text)\(rawValue[dot...])")
    }

    /// The SHA-256 digest of the content, as the name tells it; nil in a name without one.
    public var digest: [UInt8]? {
        let parts = rawValue.split { $0 == "/" || $0 == "." }
        return parts.suffix(2).lazy.reversed().compactMap { part -> [UInt8]? in
            part.utf8.count == 64 ? Hexadecimal.decode(String(part)) : nil
        }.first
    }

    /// Whether a store may take the name for a path.
    public var isWellFormed: Bool {
        let parts = rawValue.split(separator: "/", omittingEmptySubsequences: false)
        return rawValue.utf8.count <= 512
            && parts.allSatisfy { part in
                !part.isEmpty && !part.hasPrefix(".")
                    && part.utf8.allSatisfy {
                        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                            || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
                    }
            }
    }
}

/// A stored file's facts.
public struct BlobFacts: Hashable, Sendable {
    /// Its name.
    public let key: BlobKey
    /// Its size.
    public let byteCount: Int64
    /// When it was stored.
    public let storedAt: Timestamp

    public init(key: BlobKey, byteCount: Int64, storedAt: Timestamp) {
        self.key = key
        self.byteCount = byteCount
        self.storedAt = storedAt
    }
}

/// A file that is being written. It exists under its name only once it is finished.
public protocol BlobWriter: Sendable {
    /// Adds bytes.
    func write(_ bytes: [UInt8]) async throws
    /// Stores the file durably under `key`, or under the digest of its content where that is nil.
    func finish(as key: BlobKey?) async throws -> BlobFacts
    /// Drops everything written.
    func discard() async
}

/// A stored file that is being read.
public protocol BlobReader: Sendable {
    /// The file's facts.
    var facts: BlobFacts { get }
    /// Up to `maximumCount` bytes from `offset`; fewer only at the end.
    func read(offset: Int64, maximumCount: Int) async throws -> [UInt8]
}

/// How a client's program is to take a stored file.
public struct BlobPresentation: Hashable, Sendable {
    /// Its media type.
    public let contentType: String
    /// The name under which a browser saves it; nil for one that is shown.
    public let downloadName: String?

    public init(contentType: String, downloadName: String? = nil) {
        self.contentType = contentType
        self.downloadName = downloadName
    }
}

/// Where a client's download of a stored file is served from.
public enum BlobLocation: Hashable, Sendable {
    /// A file of this machine. Open it at once: it may be removed at any time, an open one stays readable.
    case file(path: String)
    /// An address that gives the file to whoever holds it, for a limited time.
    case address(String)
    /// The store itself: its reader is read while the client is served.
    case reader
}

/// Where files are kept.
public protocol BlobStore: Sendable {
    /// Begins a new file.
    func makeWriter() async throws -> any BlobWriter
    /// Opens a file; nil where there is none.
    func reader(for key: BlobKey) async throws -> (any BlobReader)?
    /// Where clients get a file from; nil where there is none.
    ///
    /// - Parameter presentation: What an address has to tell by itself.
    func location(of key: BlobKey, for presentation: BlobPresentation) async throws -> BlobLocation?
    /// A file's facts; nil where there is none.
    func facts(of key: BlobKey) async throws -> BlobFacts?
    /// Puts a finished file of this machine under `key` with the digest of its content in it, or under the digest alone where
    /// that is nil, moving it where that is possible. The facts have the name.
    func adopt(path: String, as key: BlobKey?) async throws -> BlobFacts
    /// Puts a file's content at a path of this machine, for a program that reads paths.
    func materialize(_ key: BlobKey, at path: String) async throws
    /// Removes a file; removing none is no failure.
    func remove(_ key: BlobKey) async throws
    /// Removes a file that was stored before `age` ago; false where it was stored, or stored anew, since.
    func remove(_ key: BlobKey, ifOlderThan age: Duration) async throws -> Bool
    /// Takes files away that were stored before `age` ago and that `isReferenced` does not know. They are kept aside for
    /// the store's quarantine time, during which one that becomes known again comes back; then they are deleted.
    func sweep(
        olderThan age: Duration, isReferenced: @Sendable ([BlobKey]) async throws -> Set<BlobKey>
    ) async throws -> SweepOutcome
    /// Reads every file and compares its content with the digest in its name.
    ///
    /// - Parameter bytesPerSecond: How fast at most, so that requests keep the disk; nil for as fast as possible.
    func scrub(bytesPerSecond: Int64?) async throws -> ScrubOutcome
    /// The bytes that can still be written; nil where there is no limit that the store knows of.
    func freeByteCount() async throws -> Int64?
}

/// What a sweep did.
public struct SweepOutcome: Hashable, Sendable {
    /// Files that nobody refers to and that were put aside.
    public var quarantinedCount = 0
    /// Files that are referred to again and came back.
    public var restoredCount = 0
    /// Files whose time aside is over.
    public var deletedCount = 0
    /// Files that could not be moved or deleted.
    public var failedCount = 0

    /// Nothing done.
    public init() {}
}

/// What a scrub found.
public struct ScrubOutcome: Hashable, Sendable {
    /// Files whose content was compared.
    public var fileCount = 0
    /// Their bytes.
    public var byteCount: Int64 = 0
    /// Files whose content is not what was stored.
    public var damaged: [BlobKey] = []

    /// Nothing read.
    public init() {}
}
