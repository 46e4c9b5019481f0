import Generations
import Synchronization

/// The reader of a stored file. It keeps what it read last, and reads ahead when it is read from one end to the other.
final class S3BlobReader: BlobReader {
    /// How much is read with the first question for a file, in bytes: small files are read by that one request.
    static let firstByteCount = 1 << 20
    /// How much is read at once in sequence, in bytes: at 40 ms a request this is 100 MB/s.
    private static let sequentialByteCount = 4 << 20
    /// How much is read at once out of sequence, in bytes: a player looks for an index, then jumps.
    private static let leastByteCount = 64 << 10

    let facts: BlobFacts
    private let client: S3Client
    private let object: S3Object
    private let window: Mutex<(offset: Int64, bytes: [UInt8])>

    init(_ client: S3Client, _ facts: BlobFacts, _ object: S3Object, first: [UInt8]) {
        self.client = client
        self.facts = facts
        self.object = object
        window = Mutex((0, first))
    }

    func read(offset: Int64, maximumCount: Int) async throws -> [UInt8] {
        guard offset >= 0, maximumCount > 0, offset < facts.byteCount else { return [] }
        let count = Int(min(Int64(maximumCount), facts.byteCount - offset))
        var result: [UInt8] = []
        result.reserveCapacity(count)
        while result.count < count {
            let start = offset + Int64(result.count)
            let count = count - result.count
            let piece = known(from: start, count)
            guard piece.isEmpty else {
                result += piece
                continue
            }
            result += try await fetch(from: start, count).prefix(count)
        }
        return result
    }

    private func known(from start: Int64, _ count: Int) -> [UInt8] {
        window.withLock { window in
            let skipped = start - window.offset
            guard skipped >= 0, skipped < Int64(window.bytes.count) else { return [] }
            return Array(window.bytes[Int(skipped)...].prefix(count))
        }
    }

    private func fetch(from start: Int64, _ count: Int) async throws -> [UInt8] {
        let isSequential = window.withLock { $0.offset + Int64($0.bytes.count) == start }
        let wanted =
            isSequential ? Self.sequentialByteCount : min(max(count, Self.leastByteCount), Self.sequentialByteCount)
        let bytes: [UInt8]
        do {
            guard
                let answer = try await client.get(object.key, offset: start, count: wanted, tag: object.tag),
                !answer.bytes.isEmpty
            else { throw StoreError(code: .unavailable, driverCode: 404, detail: "\(facts.key) is gone") }
            bytes = answer.bytes
        } catch { throw StoreError.of(error, "read \(facts.key)") }
        window.withLock { $0 = (start, bytes) }
        return bytes
    }
}
