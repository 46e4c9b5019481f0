import Generations
import HTTP
import Text
import Time

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
