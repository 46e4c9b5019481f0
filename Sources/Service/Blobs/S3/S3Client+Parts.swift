import Generations
import HTTP
import Text
import Time

/// A part of an upload that has arrived.
struct S3Part: Sendable {
    let number: Int
    let tag: String
    /// SHA-256 in base64; nil for a part that S3 has copied.
    let checksum: String?
}

/// An upload that is not finished.
struct S3Upload: Sendable {
    let key: String
    let id: String
    /// How long ago it was begun by the service's own clock, in seconds.
    var ageSeconds: Int64 = 0
}

/// How large the parts of an upload are whose whole size nobody knows yet.
package enum S3PartPlan {
    /// S3 takes no more parts.
    package static let maximumCount = 10_000

    /// The size of a part: 8 MiB for the first thousand (8 GB), since some services want parts of one size, then more with
    /// each thousand, so that all of them hold 460 GB.
    ///
    /// - Parameter number: 1 … 10,000.
    package static func byteCount(ofPart number: Int, first: Int = 8 << 20) -> Int { first * (1 + (number - 1) / 1000) }

    /// The least size of equal parts that hold a file of known size.
    package static func byteCount(forFileOf byteCount: Int64, first: Int = 8 << 20) -> Int {
        let least = (byteCount + Int64(maximumCount) - 1) / Int64(maximumCount)
        let mebibyte: Int64 = 1 << 20
        return max(first, Int((least + mebibyte - 1) / mebibyte * mebibyte))
    }
}

/// Requests for objects that are stored in parts.
extension S3Client {
    /// The size of the parts in which S3 copies what it does not copy at once: an eighth of that, 640 MiB.
    private var copiedPartByteCount: Int64 { configuration.copyByteLimit / 8 }

    /// Begins an upload.
    func begin(_ key: String, isCopy: Bool = false) async throws -> S3Upload {
        var request = S3Request(.post, key)
        request.query = [("uploads", "")]
        if !isCopy { request.headers = [("x-amz-checksum-algorithm", "SHA256")] }
        guard let id = try await document(request).0["UploadId"], !id.isEmpty else {
            throw S3Failure(status: 200, code: "NoUploadId")
        }
        return S3Upload(key: key, id: id)
    }

    /// Stores a part.
    func put(_ bytes: [UInt8], part number: Int, of upload: S3Upload) async throws -> S3Part {
        let digest = Digest.sha256(bytes)
        let checksum = Base64.encode(digest)
        var request = S3Request(.put, upload.key)
        request.query = [("partNumber", "\(number)"), ("uploadId", upload.id)]
        request.headers = [("x-amz-checksum-sha256", checksum)]
        request.body = bytes
        request.digest = digest
        guard let tag = try await send(request).headers["ETag"] else {
            throw S3Failure(status: 200, code: "NoETag")
        }
        return S3Part(number: number, tag: tag, checksum: checksum)
    }

    /// Makes an object of the parts. Where the answer to an attempt was lost, the upload is gone and the object there.
    ///
    /// - Parameter byteCount: The object's size.
    func complete(_ upload: S3Upload, _ parts: [S3Part], byteCount: Int64) async throws {
        let lines = parts.map { part in
            "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(part.tag)</ETag>"
                + (part.checksum.map { "<ChecksumSHA256>\($0)</ChecksumSHA256>" } ?? "") + "</Part>"
        }
        var request = S3Request(.post, upload.key)
        request.query = [("uploadId", upload.id)]
        request.headers = [("Content-Type", "application/xml")]
        request.body = Array("<CompleteMultipartUpload>\(lines.joined())</CompleteMultipartUpload>".utf8)
        request.isSlow = true
        do { _ = try await send(request) } catch let failure as S3Failure where failure.code == "NoSuchUpload" {
            guard try await head(upload.key)?.byteCount == byteCount else { throw failure }
        }
    }

    /// Drops an upload and its parts; none is no failure.
    func abort(_ upload: S3Upload) async throws {
        var request = S3Request(.delete, upload.key)
        request.query = [("uploadId", upload.id)]
        request.expected = [404]
        _ = try await send(request)
    }

    /// Uploads that are not finished.
    func uploads(
        _ prefix: String, _ next: [(name: String, value: String)] = []
    ) async throws -> S3Page<S3Upload> {
        var request = S3Request(.get)
        request.query = [("uploads", ""), ("prefix", prefix), ("encoding-type", "url")] + next
        let (root, now) = try await document(request)
        var page = S3Page<S3Upload>()
        for entry in root.children where entry.name == "Upload" {
            guard let key = entry["Key"].flatMap({ PercentEncoding.decode($0, plusIsSpace: true) }),
                let id = entry["UploadId"], let begun = entry["Initiated"].flatMap({ Timestamp(iso8601: $0) })
            else { throw S3Failure(status: 200, code: "ListWrong") }
            // Some services list all of a bucket's, whatever the prefix.
            guard key.hasPrefix(prefix) else { continue }
            page.items.append(S3Upload(key: key, id: id, ageSeconds: now.seconds - begun.seconds))
        }
        if root["IsTruncated"] == "true", let key = root["NextKeyMarker"], let id = root["NextUploadIdMarker"] {
            page.next = [
                ("key-marker", PercentEncoding.decode(key, plusIsSpace: true) ?? key), ("upload-id-marker", id),
            ]
        }
        return page
    }

    /// Copies an object that is too large to be copied at once.
    func copyInParts(_ source: S3Object, to key: String) async throws {
        let upload = try await begin(key, isCopy: true)
        do {
            var parts: [S3Part] = []
            for start in stride(from: 0, to: source.byteCount, by: Int(copiedPartByteCount)) {
                let end = min(start + copiedPartByteCount, source.byteCount) - 1
                parts.append(try await copy(source, start, end, part: parts.count + 1, of: upload))
            }
            try await complete(upload, parts, byteCount: source.byteCount)
        } catch {
            try? await abort(upload)
            throw error
        }
    }

    private func copy(
        _ source: S3Object, _ start: Int64, _ end: Int64, part number: Int, of upload: S3Upload
    ) async throws -> S3Part {
        var request = S3Request(.put, upload.key)
        request.query = [("partNumber", "\(number)"), ("uploadId", upload.id)]
        request.headers = [copySource(source), ("x-amz-copy-source-range", "bytes=\(start)-\(end)")]
        request.isSlow = true
        guard let tag = try await document(request).0["ETag"] else { throw S3Failure(status: 200, code: "NoETag") }
        return S3Part(number: number, tag: tag, checksum: nil)
    }
}

/// The parts of one upload, sent one after the other while the next one is gathered. Calls must not overlap.
actor S3PartSender {
    private let client: S3Client
    private let key: String
    private var upload: S3Upload?
    private var sending: Task<S3Part, any Error>?
    /// The bytes of the part that is on its way.
    private var sent: [UInt8] = []
    private var parts: [S3Part] = []
    private var count = 0
    private var byteCount: Int64 = 0

    init(_ client: S3Client, key: String) {
        self.client = client
        self.key = key
    }

    deinit {
        // Neither completed nor dropped: whoever sent the bytes has gone.
        guard let upload else { return }
        Task { [client, sending] in
            _ = await sending?.result
            try? await client.abort(upload)
        }
    }

    /// Adds a part; waits for the one before it.
    ///
    /// - Returns: An empty array in the memory of that one: parts are large, and what is freed and asked for again by other
    ///   threads leaves the allocator with several times as much.
    @discardableResult
    func add(_ bytes: [UInt8]) async throws -> [UInt8] {
        var free = try await settle()
        let upload = try await begun()
        guard count < S3PartPlan.maximumCount else {
            throw StoreError(code: .full, detail: "\(key) is too large for S3")
        }
        count += 1
        byteCount += Int64(bytes.count)
        sent = bytes
        sending = Task { [client, count] in try await client.put(bytes, part: count, of: upload) }
        free.removeAll(keepingCapacity: true)
        return free
    }

    /// Makes the object.
    func complete() async throws {
        _ = try await settle()
        try await client.complete(try await begun(), parts, byteCount: byteCount)
        upload = nil
    }

    /// Drops the parts. What cannot be reached now is dropped by a sweep.
    func abort() async {
        // A part that arrives after the end would stay, so that the last one is waited for.
        _ = await sending?.result
        guard let upload else { return }
        self.upload = nil
        try? await client.abort(upload)
    }

    private func begun() async throws -> S3Upload {
        if let upload { return upload }
        let begun = try await client.begin(key)
        upload = begun
        return begun
    }

    /// Waits for the part that is on its way, and gives its bytes.
    private func settle() async throws -> [UInt8] {
        guard let task = sending else { return [] }
        let part = try await task.value
        sending = nil
        parts.append(part)
        defer { sent = [] }
        return sent
    }
}
