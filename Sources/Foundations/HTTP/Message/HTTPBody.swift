import Synchronization

/// The body of a request: chunks in the order of arrival, to be read once, by one reader.
///
/// Reading is what lets the sender go on: a server holds back the connection while about 256 KiB wait unread.
/// Reading throws `HTTPError` 413 past the route's limit, and `HTTPConnectionClosed` if the sender left.
public struct HTTPBody: AsyncSequence, Sendable {
    /// A chunk is never empty.
    public typealias Element = [UInt8]

    /// How many bytes the sender announced; `nil` if it did not.
    public let announcedBytes: Int64?
    private let source: @Sendable () async throws -> [UInt8]?

    /// A body whose chunks come from a function that returns `nil` at the end.
    public init(announcedBytes: Int64? = nil, next: @escaping @Sendable () async throws -> [UInt8]?) {
        self.announcedBytes = announcedBytes
        source = next
    }

    /// A body of known bytes.
    public init(_ bytes: [UInt8] = []) {
        announcedBytes = Int64(bytes.count)
        let rest = SingleChunk(bytes)
        source = { rest.take() }
    }

    /// Reads chunk by chunk.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let source: @Sendable () async throws -> [UInt8]?

        /// The next chunk, or `nil` at the end.
        public func next() async throws -> [UInt8]? { try await source() }
    }

    /// Starts, or goes on, reading.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: source) }

    /// The whole rest of the body.
    ///
    /// - Throws: `HTTPError` 413 if it has more than `maximumBytes`.
    public func collect(maximumBytes: Int) async throws -> [UInt8] {
        if let announcedBytes, announcedBytes > maximumBytes {
            throw HTTPError.bodyTooLarge(limit: Int64(maximumBytes))
        }
        var result: [UInt8] = []
        for try await chunk in self {
            guard result.count + chunk.count <= maximumBytes else {
                throw HTTPError.bodyTooLarge(limit: Int64(maximumBytes))
            }
            if result.isEmpty { result = chunk } else { result += chunk }
        }
        return result
    }
}

private final class SingleChunk: Sendable {
    private let bytes: Mutex<[UInt8]?>

    init(_ bytes: [UInt8]) { self.bytes = Mutex(bytes.isEmpty ? nil : bytes) }

    func take() -> [UInt8]? {
        bytes.withLock { bytes in
            defer { bytes = nil }
            return bytes
        }
    }
}
