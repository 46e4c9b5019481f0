import Generations
import HTTP
import Text
import Time

/// Requests for whole objects.
extension S3Client {
    /// An object's facts; nil where there is none.
    func head(_ key: String) async throws -> S3Object? {
        var request = S3Request(.head, key)
        // What is announced does not come.
        request.maximumBytes = .max
        request.expected = [404]
        let response = try await send(request)
        guard response.status != .notFound else { return nil }
        guard let count = response.headers["Content-Length"].flatMap({ Int64($0) }) else {
            throw S3Failure(status: response.status.rawValue, code: "MissingContentLength")
        }
        return object(key, byteCount: count, response)
    }

    /// Stores an object, in place of another one if there is one.
    func put(_ key: String, _ bytes: [UInt8]) async throws {
        let digest = Digest.sha256(bytes)
        var request = S3Request(.put, key)
        request.body = bytes
        request.digest = digest
        request.headers = [("x-amz-checksum-sha256", Base64.encode(digest))]
        _ = try await send(request)
    }

    /// Stores an object where there is none; false where there is one. An attempt whose answer was lost is such a one, too.
    func putIfAbsent(_ key: String, _ bytes: [UInt8], retries: S3Retries) async throws -> Bool {
        var request = S3Request(.put, key)
        request.body = bytes
        request.headers = [("If-None-Match", "*")]
        request.expected = [412]
        return try await send(request, retries: retries).status.isSuccess
    }

    /// A part of an object, with the facts of the whole; nil where there is no such object, or another one than `tag` says.
    /// Empty where the range lies behind the end: there are no facts then.
    ///
    /// - Parameter count: How many bytes at most, from 1 on; fewer come only at the end.
    func get(
        _ key: String, offset: Int64, count: Int, tag: String? = nil
    ) async throws -> (bytes: [UInt8], object: S3Object?)? {
        var request = S3Request(.get, key)
        request.headers = [("Range", "bytes=\(offset)-\(offset + Int64(count) - 1)")]
        if let tag { request.headers.append(("If-Match", tag)) }
        request.maximumBytes = Int64(count)
        request.expected = [404, 412, 416]
        let response = try await send(request)
        switch response.status {
        case .partialContent: break
        case .rangeNotSatisfiable: return ([], nil)
        case .notFound, .preconditionFailed:
            // What is missing may be the bucket.
            if let failure = S3Failure(response, mayFailLate: false), failure.code == "NoSuchBucket" { throw failure }
            return nil
        default: throw S3Failure(status: response.status.rawValue, code: "RangeIgnored")
        }
        // `bytes 0-99/1234`
        let range = response.headers["Content-Range"]?.split(whereSeparator: { " -/".contains($0) }) ?? []
        guard range.count == 4, Int64(range[1]) == offset, let end = Int64(range[2]), let whole = Int64(range[3]),
            Int64(response.bytes.count) == end - offset + 1, end + 1 == min(whole, offset + Int64(count))
        else { throw S3Failure(status: response.status.rawValue, code: "RangeWrong") }
        return (response.bytes, object(key, byteCount: whole, response))
    }

    /// Copies an object within the bucket; onto itself it only makes it young again.
    func copy(_ source: S3Object, to key: String) async throws {
        guard source.byteCount <= configuration.copyByteLimit else { return try await copyInParts(source, to: key) }
        var request = S3Request(.put, key)
        request.headers = [copySource(source)]
        // A copy onto itself must change something.
        if source.key == key { request.headers.append(("x-amz-metadata-directive", "REPLACE")) }
        request.isSlow = true
        _ = try await send(request)
    }

    /// The field that names what is copied.
    func copySource(_ source: S3Object) -> (name: String, value: String) {
        ("x-amz-copy-source", S3Signature.encode(path: "/\(configuration.address.bucket)/\(source.key)"))
    }

    /// Removes an object; none is no failure.
    func delete(_ key: String) async throws {
        var request = S3Request(.delete, key)
        request.expected = [404]
        _ = try await send(request)
    }

    /// A page of objects, in the order of their keys.
    func list(
        _ prefix: String, _ next: [(name: String, value: String)] = [], retries: S3Retries? = nil
    ) async throws -> S3Page<S3Object> {
        var request = S3Request(.get)
        request.query =
            [
                ("list-type", "2"), ("prefix", prefix), ("max-keys", "\(configuration.pageSize)"),
                ("encoding-type", "url"),
            ] + next
        let (root, now) = try await document(request, retries)
        var page = S3Page<S3Object>()
        for entry in root.children where entry.name == "Contents" {
            guard let key = entry["Key"].flatMap({ PercentEncoding.decode($0, plusIsSpace: true) }),
                let count = entry["Size"].flatMap({ Int64($0) }),
                let stored = entry["LastModified"].flatMap({ Timestamp(iso8601: $0) })
            else { throw S3Failure(status: 200, code: "ListWrong") }
            page.items.append(
                S3Object(
                    key: key, byteCount: count, storedAt: stored, ageSeconds: now.seconds - stored.seconds,
                    tag: entry["ETag"] ?? ""))
        }
        if root["IsTruncated"] == "true", let token = root["NextContinuationToken"] {
            page.next = [("continuation-token", token)]
        }
        return page
    }

    /// The document of an answer, and the service's time.
    func document(_ request: S3Request, _ retries: S3Retries? = nil) async throws -> (S3Element, now: Timestamp) {
        let response = try await send(request, retries: retries)
        guard let root = S3Element(parsing: response.bytes) else {
            throw S3Failure(status: response.status.rawValue, code: "NoDocument")
        }
        return (root, time(of: response))
    }

    private func object(_ key: String, byteCount: Int64, _ response: HTTPClientResponse) -> S3Object {
        let now = time(of: response)
        let stored =
            response.headers["Last-Modified"].flatMap(HTTPDate.parse)
            .map { Timestamp(milliseconds: Int64($0) * 1000) } ?? now
        return S3Object(
            key: key, byteCount: byteCount, storedAt: stored, ageSeconds: now.seconds - stored.seconds,
            tag: response.headers["ETag"] ?? "")
    }

    private func time(of response: HTTPClientResponse) -> Timestamp {
        response.headers["Date"].flatMap(HTTPDate.parse).map { Timestamp(milliseconds: Int64($0) * 1000) }
            ?? serviceTime()
    }
}
