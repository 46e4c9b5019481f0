import Foundation

/// An open file; closes itself.
final class ServedFile: Sendable {
    let descriptor: Int32
    let size: Int64
    let modifiedSeconds: Int

    /// Opens a regular file for reading; `nil` if there is none.
    init?(path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        size = Int64(facts.st_size)
        modifiedSeconds = facts.st_mtim.tv_sec
    }

    deinit { close(descriptor) }
}

extension HTTPResponse {
    /// A file, whole or the single byte range that the request asks for, under the request's conditions
    /// (`If-None-Match`, `If-Modified-Since`, `If-Range`). Several ranges at once are answered with the whole file, which
    /// RFC 9110 allows.
    ///
    /// - Parameters:
    ///   - entityTag: a strong tag with its quotes, from the content's hash; without it, one of size and time is made.
    ///   - headers: fields to add, `Content-Disposition` for example.
    /// - Throws: `HTTPError` 404 if there is no such regular file, 416 if the range lies outside of it.
    public static func file(
        path: String, contentType: String, entityTag: String? = nil, headers: HTTPHeaders = [:],
        for request: HTTPRequest
    ) throws(HTTPError) -> HTTPResponse {
        guard let file = ServedFile(path: path) else {
            throw HTTPError(.notFound, "not_found", "There is no such file.", detail: path)
        }
        let tag = entityTag ?? "\"\(String(file.size, radix: 16))-\(String(file.modifiedSeconds, radix: 16))\""
        return try answer(
            size: file.size, modifiedSeconds: file.modifiedSeconds, contentType: contentType, tag: tag,
            headers: headers,
            for: request
        ) { .file(file, range: $0) }
    }

    /// The same for content that lies elsewhere and is fetched while it is sent.
    ///
    /// - Parameters:
    ///   - size: of the whole content, in bytes.
    ///   - modifiedSeconds: when it was stored, in seconds since 1970.
    ///   - producer: writes a range of it.
    /// - Throws: `HTTPError` 416 if the range lies outside of it.
    public static func fetched(
        size: Int64, modifiedSeconds: Int, contentType: String, entityTag: String, headers: HTTPHeaders = [:],
        for request: HTTPRequest, _ producer: @escaping @Sendable (Range<Int64>, HTTPBodyWriter) async throws -> Void
    ) throws(HTTPError) -> HTTPResponse {
        try answer(
            size: size, modifiedSeconds: modifiedSeconds, contentType: contentType, tag: entityTag, headers: headers,
            for: request
        ) { range in
            .stream(length: Int64(range.count)) { writer in try await producer(range, writer) }
        }
    }

    private static func answer(
        size: Int64, modifiedSeconds: Int, contentType: String, tag: String, headers: HTTPHeaders,
        for request: HTTPRequest, _ content: (Range<Int64>) -> Content
    ) throws(HTTPError) -> HTTPResponse {
        var fields = headers
        fields["ETag"] = tag
        fields["Last-Modified"] = HTTPDate.format(modifiedSeconds)
        fields["Accept-Ranges"] = "bytes"
        if isUnchanged(tag: tag, modifiedSeconds: modifiedSeconds, headers: request.headers) {
            return HTTPResponse(.notModified, headers: fields)
        }
        fields["Content-Type"] = contentType
        guard let header = request.headers["Range"],
            rangeApplies(tag: tag, modifiedSeconds: modifiedSeconds, headers: request.headers),
            let requested = ByteRange.parse(header, size: size)
        else { return HTTPResponse(.ok, headers: fields, content: content(0..<size)) }
        guard case .satisfiable(let range) = requested else {
            throw HTTPError(
                .rangeNotSatisfiable, "range_not_satisfiable", "The range lies outside of the file.",
                headers: ["Content-Range": "bytes */\(size)"])
        }
        fields["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
        return HTTPResponse(.partialContent, headers: fields, content: content(range))
    }

    /// Content that is kept in memory and has a tag: 304 where the request's `If-None-Match` names it, else 200.
    ///
    /// - Parameters:
    ///   - entityTag: a strong tag with its quotes, from the content's hash.
    ///   - headers: fields to add, `Cache-Control` for example.
    public static func content(
        _ bytes: [UInt8], contentType: String, entityTag: String, headers: HTTPHeaders = [:], for request: HTTPRequest
    ) -> HTTPResponse {
        var fields = headers
        fields["ETag"] = entityTag
        if isKnown(entityTag, headers: request.headers) == true { return HTTPResponse(.notModified, headers: fields) }
        fields["Content-Type"] = contentType
        return HTTPResponse(.ok, headers: fields, bytes: bytes)
    }

    private static func isUnchanged(tag: String, modifiedSeconds: Int, headers: HTTPHeaders) -> Bool {
        if let isKnown = isKnown(tag, headers: headers) { return isKnown }
        guard let since = headers["If-Modified-Since"].flatMap(HTTPDate.parse) else { return false }
        return modifiedSeconds <= since
    }

    /// Whether `If-None-Match` names a tag; nil without that field.
    private static func isKnown(_ tag: String, headers: HTTPHeaders) -> Bool? {
        let tags = headers.values("If-None-Match")
        guard !tags.isEmpty else { return nil }
        return tags.flatMap { $0.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) }
            .contains { $0 == "*" || ($0.hasPrefix("W/") ? String($0.dropFirst(2)) : $0) == tag }
    }

    private static func rangeApplies(tag: String, modifiedSeconds: Int, headers: HTTPHeaders) -> Bool {
        guard let condition = headers["If-Range"] else { return true }
        return condition == tag || HTTPDate.parse(condition) == modifiedSeconds
    }
}

/// A `Range` field against a size.
enum ByteRange: Equatable {
    case satisfiable(Range<Int64>)
    case outside

    /// `nil` means that the field does not count: another unit, several ranges, or not well formed.
    static func parse(_ header: String, size: Int64) -> ByteRange? {
        guard header.lowercased().hasPrefix("bytes=") else { return nil }
        let text = header.dropFirst(6).trimmingCharacters(in: .whitespaces)
        guard let dash = text.firstIndex(of: "-"), !text.contains(",") else { return nil }
        let first = text[..<dash]
        let last = text[text.index(after: dash)...]
        guard (first + last).utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        if first.isEmpty {
            guard !last.isEmpty else { return nil }
            let count = min(Int64(last) ?? .max, size)
            return count == 0 ? .outside : .satisfiable(size - count..<size)
        }
        let start = Int64(first) ?? .max
        let end = last.isEmpty ? .max : Int64(last) ?? .max
        guard start <= end else { return nil }
        return start >= size ? .outside : .satisfiable(start..<min(end, size - 1) + 1)
    }
}
