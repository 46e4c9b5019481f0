public import Generations
import Glibc

/// Files of this machine that come or go.
extension S3BlobStore {
    /// How much of a file is fetched at once, in bytes.
    private static let fetchedByteCount = 8 << 20

    /// Stores a finished file of this machine under `key`, to which the digest of its content is added, or under that digest
    /// alone, and removes it from here. Its name is known before it is sent, so that it is sent to its place.
    public func adopt(path: String, as key: BlobKey?) async throws -> BlobFacts {
        let (file, byteCount, digest) = try await disk.run {
            guard let file = try OpenFile(reading: path) else { throw FileSystem.failure("adopt \(path)", ENOENT) }
            return (file, try file.status().byteCount, try file.digest())
        }
        let key = key?.carrying(digest: digest) ?? .content(digest: digest)
        let place = try place(of: key)
        let facts = try await translating("store \(key)") {
            if let facts = try await refresh(key, byteCount: byteCount) { return facts }
            try await send(file, byteCount: byteCount, to: place)
            return try await stored(key, byteCount: byteCount)
        }
        try await disk.run { try FileSystem.remove(path) }
        return facts
    }

    private func send(_ file: OpenFile, byteCount: Int64, to place: String) async throws {
        let size = S3PartPlan.byteCount(forFileOf: byteCount, first: configuration.partByteCount)
        if byteCount <= Int64(size) {
            return try await client.put(place, try await disk.run { try file.read(offset: 0, maximumCount: size) })
        }
        let sender = S3PartSender(client, key: place)
        do {
            for offset in stride(from: 0, to: byteCount, by: size) {
                try await sender.add(try await disk.run { try file.read(offset: offset, maximumCount: size) })
            }
            try await sender.complete()
        } catch {
            await sender.abort()
            throw error
        }
    }

    /// Writes a file's content to a path of this machine where nothing is yet. The content is compared with the digest in the
    /// name; what does not fit is fetched once more before it counts as damaged.
    public func materialize(_ key: BlobKey, at destination: String) async throws {
        let place = try place(of: key)
        if try await fetch(key, from: place, to: destination) { return }
        guard try await fetch(key, from: place, to: destination) else {
            throw StoreError(code: .damaged, detail: "the content of \(key) is not what was stored")
        }
    }

    /// Whether the content that was written is the one that the name tells. Nothing stays of any other.
    private func fetch(_ key: BlobKey, from place: String, to destination: String) async throws -> Bool {
        let file = try await disk.run { try OpenFile(creating: destination) }
        do {
            let digest = LockedDigest()
            try await translating("fetch \(key)") {
                try await forEachBlock(of: place, key) { bytes in
                    try await disk.run {
                        digest.update(bytes)
                        try file.write(bytes)
                    }
                }
            }
            if key.digest.map({ $0 == digest.finish() }) ?? true { return true }
        } catch {
            _ = try? await disk.run { try FileSystem.remove(destination) }
            throw error
        }
        try await disk.run { try FileSystem.remove(destination) }
        return false
    }

    /// Calls `body` with the whole content of an object, in blocks. All of them are of the same object.
    func forEachBlock(
        of place: String, _ key: BlobKey, _ body: ([UInt8]) async throws -> Void
    ) async throws {
        var (offset, end): (Int64, Int64) = (0, .max)
        var tag: String?
        while offset < end {
            guard let answer = try await client.get(place, offset: offset, count: Self.fetchedByteCount, tag: tag)
            else {
                throw StoreError(code: .unavailable, driverCode: 404, detail: "\(key) is gone")
            }
            guard let object = answer.object else {
                // Behind the end of an empty file.
                guard offset == 0 else { throw StoreError(code: .unavailable, detail: "\(key) has become shorter") }
                return
            }
            try await body(answer.bytes)
            offset += Int64(answer.bytes.count)
            (end, tag) = (object.byteCount, object.tag)
        }
    }
}
