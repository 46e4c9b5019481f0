import Foundation

/// The header of a part of a `multipart/form-data` body.
public struct MultipartPart: Sendable, Hashable {
    public let name: String
    /// The file's name as sent, not sanitised; `nil` for an ordinary field.
    public let fileName: String?
    /// The part's content type, if it has one.
    public let contentType: String?

    public init(name: String, fileName: String? = nil, contentType: String? = nil) {
        self.name = name
        self.fileName = fileName
        self.contentType = contentType
    }
}

/// Limits of a `multipart/form-data` body.
public struct MultipartLimits: Sendable {
    /// The most fields and files together.
    public var maximumParts: Int
    /// The largest header of a part, in bytes.
    public var maximumHeaderBytes: Int
    /// The largest value of an ordinary field, in bytes.
    public var maximumFieldBytes: Int64
    /// The largest file, in bytes.
    public var maximumFileBytes: Int64
    /// The largest body, in bytes, boundaries and headers included.
    public var maximumTotalBytes: Int64

    /// Makes limits; the defaults are 32 parts, 8 KiB, 1 MiB, 20 MB and 100 MB.
    public init(
        maximumParts: Int = 32, maximumHeaderBytes: Int = 8192, maximumFieldBytes: Int64 = 1 << 20,
        maximumFileBytes: Int64 = 20_000_000, maximumTotalBytes: Int64 = 100_000_000
    ) {
        self.maximumParts = maximumParts
        self.maximumHeaderBytes = maximumHeaderBytes
        self.maximumFieldBytes = maximumFieldBytes
        self.maximumFileBytes = maximumFileBytes
        self.maximumTotalBytes = maximumTotalBytes
    }
}

/// Parses a `multipart/form-data` body (RFC 7578, RFC 2046 section 5.1) while it arrives. A value type without input or
/// output: it turns bytes into events, which do not depend on how the body is split into chunks.
public struct MultipartParser: Sendable {
    /// An event of the parser, in the order of the body.
    public enum Event: Sendable, Equatable {
        /// The header of a part is complete.
        case began(MultipartPart)
        /// Content of the part, never empty.
        case content(ArraySlice<UInt8>)
        /// The part is complete.
        case ended
    }

    private enum State {
        case preamble, afterDelimiter, header, content, epilogue
    }

    private let delimiter: [UInt8]
    private let limits: MultipartLimits
    private var state = State.preamble
    /// Bytes that cannot be judged yet; begins with a line end, because the first delimiter needs none before it.
    private var rest: [UInt8] = [13, 10]
    private var partCount = 0
    private var partBytes: Int64 = 0
    private var partLimit: Int64 = 0
    private var partIsFile = false
    private var totalBytes: Int64 = 0

    /// Whether the closing delimiter was seen.
    public var isComplete: Bool { state == .epilogue }

    /// Makes a parser for a boundary.
    ///
    /// - Throws: `HTTPError` 400 if the boundary is not 1 … 70 printable ASCII characters.
    public init(boundary: String, limits: MultipartLimits = MultipartLimits()) throws(HTTPError) {
        guard (1...70).contains(boundary.utf8.count), boundary.utf8.allSatisfy({ (32...126).contains($0) }),
            !boundary.hasSuffix(" ")
        else { throw .malformed("invalid_multipart", "The multipart boundary is missing or not valid.") }
        delimiter = Array("\r\n--\(boundary)".utf8)
        self.limits = limits
    }

    /// Makes a parser from a `Content-Type` value.
    ///
    /// - Throws: `HTTPError` 415 for another type, 400 for a bad boundary.
    public init(contentType: String, limits: MultipartLimits = MultipartLimits()) throws(HTTPError) {
        let type = HeaderValue(contentType)
        guard type.value == "multipart/form-data" else {
            throw HTTPError(.unsupportedMediaType, "unsupported_media_type", "The body is not multipart/form-data.")
        }
        try self.init(boundary: type.parameters["boundary"] ?? "", limits: limits)
    }

    /// Takes the next chunk.
    ///
    /// - Throws: `HTTPError` 400 if the body is not well formed, 413 if a limit is passed. The parser is of no use
    ///   after.
    public mutating func consume(_ chunk: [UInt8]) throws(HTTPError) -> [Event] {
        totalBytes += Int64(chunk.count)
        guard totalBytes <= limits.maximumTotalBytes else { throw .bodyTooLarge(limit: limits.maximumTotalBytes) }
        guard state != .epilogue else { return [] }
        let data = rest.isEmpty ? chunk : rest + chunk
        rest = []
        var position = 0
        var events: [Event] = []
        while try step(data, &position, &events) {}
        if state != .epilogue { rest = Array(data[position...]) }
        return events
    }

    /// Ends the body.
    ///
    /// - Throws: `HTTPError` 400 if the closing delimiter is missing.
    public func finish() throws(HTTPError) {
        guard isComplete else { throw .malformed("invalid_multipart", "The multipart body ends too early.") }
    }

    /// Makes one step; false when more bytes are needed.
    private mutating func step(_ data: [UInt8], _ position: inout Int, _ events: inout [Event]) throws(HTTPError)
        -> Bool
    {
        switch state {
        case .preamble:
            guard let found = try content(data, &position, { _ throws(HTTPError) in }) else {
                guard totalBytes <= Int64(limits.maximumHeaderBytes) else {
                    throw .malformed("invalid_multipart", "The multipart body does not begin with its boundary.")
                }
                return false
            }
            position = found
            state = .afterDelimiter
        case .content:
            let found = try content(data, &position) { (piece) throws(HTTPError) in
                partBytes += Int64(piece.count)
                guard partBytes <= partLimit else {
                    throw HTTPError(
                        .contentTooLarge, partIsFile ? "file_too_large" : "field_too_large",
                        "A \(partIsFile ? "file" : "field") of the form is larger than \(partLimit) bytes.")
                }
                events.append(.content(piece))
            }
            guard let found else { return false }
            events.append(.ended)
            position = found
            state = .afterDelimiter
        case .afterDelimiter: return try afterDelimiter(data, &position)
        case .header: return try header(data, &position, &events)
        case .epilogue: return false
        }
        return true
    }

    /// Reports the bytes that are certainly content and moves behind them; returns the start of the bytes after a
    /// delimiter.
    private func content(
        _ data: [UInt8], _ position: inout Int, _ emit: (ArraySlice<UInt8>) throws(HTTPError) -> Void
    ) throws(HTTPError) -> Int? {
        let start = position
        var search = start
        while let candidate = Self.carriageReturn(in: data, from: search) {
            let overlap = min(delimiter.count, data.count - candidate)
            if data[candidate..<candidate + overlap] == delimiter[..<overlap] {
                if candidate > start { try emit(data[start..<candidate]) }
                position = candidate
                return overlap == delimiter.count ? candidate + overlap : nil
            }
            search = candidate + 1
        }
        if data.count > start { try emit(data[start...]) }
        position = data.count
        return nil
    }

    /// After a delimiter: two hyphens close the body, spaces and a line end open a part.
    private mutating func afterDelimiter(_ data: [UInt8], _ position: inout Int) throws(HTTPError) -> Bool {
        var index = position
        while index < data.count, data[index] == 32 || data[index] == 9 { index += 1 }
        guard index - position <= 64 else {
            throw .malformed("invalid_multipart", "A multipart boundary is followed by too many spaces.")
        }
        guard data.count - index >= 2 else { return false }
        if index == position, data[index] == UInt8(ascii: "-"), data[index + 1] == UInt8(ascii: "-") {
            state = .epilogue
            return false
        }
        guard data[index] == 13, data[index + 1] == 10 else {
            throw .malformed("invalid_multipart", "A multipart boundary is not followed by a line end.")
        }
        guard partCount < limits.maximumParts else {
            throw HTTPError(
                .contentTooLarge, "too_many_fields", "The form has more than \(limits.maximumParts) fields.")
        }
        position = index + 2
        state = .header
        return true
    }

    private mutating func header(_ data: [UInt8], _ position: inout Int, _ events: inout [Event]) throws(HTTPError)
        -> Bool
    {
        var fields: [(name: String, value: String)] = []
        var line = position
        while let end = Self.carriageReturn(in: data, from: line), end + 1 < data.count {
            guard end - position <= limits.maximumHeaderBytes else { break }
            guard data[end + 1] == 10 else {
                throw .malformed("invalid_multipart", "A multipart header has a bare carriage return.")
            }
            if end == line {
                events.append(.began(try part(fields)))
                position = end + 2
                state = .content
                return true
            }
            guard let text = String(validating: data[line..<end], as: UTF8.self), !text.utf8.contains(0),
                let colon = text.firstIndex(of: ":"), HTTPHeaders.isToken(String(text[..<colon]))
            else { throw .malformed("invalid_multipart", "A multipart header line is not valid.") }
            fields.append((text[..<colon].lowercased(), String(text[text.index(after: colon)...])))
            line = end + 2
        }
        guard data.count - position <= limits.maximumHeaderBytes else {
            throw .malformed(
                "invalid_multipart", "A multipart header is larger than \(limits.maximumHeaderBytes) bytes.")
        }
        return false
    }

    private mutating func part(_ fields: [(name: String, value: String)]) throws(HTTPError) -> MultipartPart {
        let disposition = HeaderValue(fields.first { $0.name == "content-disposition" }?.value ?? "")
        guard disposition.value == "form-data", let name = disposition.parameter("name"), !name.isEmpty else {
            throw .malformed("invalid_multipart", "A multipart part has no field name.")
        }
        let fileName = disposition.parameter("filename")
        let type = fields.first { $0.name == "content-type" }?.value.trimmingCharacters(in: .whitespaces)
        partCount += 1
        partBytes = 0
        partIsFile = fileName != nil
        partLimit = partIsFile ? limits.maximumFileBytes : limits.maximumFieldBytes
        return MultipartPart(name: name, fileName: fileName, contentType: type)
    }

    private static func carriageReturn(in data: [UInt8], from start: Int) -> Int? {
        data.withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress else { return nil }
            return memchr(base + start, 13, bytes.count - start).map { UnsafeRawPointer($0) - base }
        }
    }
}
