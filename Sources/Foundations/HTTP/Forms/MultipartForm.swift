/// The destination of a file in a form.
public protocol MultipartFileSink: Sendable {
    /// Takes the next bytes; called in order, never at the same time.
    func write(_ bytes: ArraySlice<UInt8>) async throws
    /// The file is complete.
    func finish() async throws
    /// The form was refused or ended early: the content must be removed. Called for finished files too.
    func discard() async
}

/// A `multipart/form-data` body that was read: fields in memory, files in their sinks.
public struct MultipartForm: Sendable {
    /// A file of the form.
    public struct File: Sendable {
        /// The part's header.
        public let part: MultipartPart
        /// Its size in bytes.
        public let byteCount: Int64
        /// The sink that took the content.
        public let sink: any MultipartFileSink
    }

    /// The ordinary fields in order, repeated names kept.
    public private(set) var fields: [HTTPQuery.Pair] = []
    /// The files in order.
    public private(set) var files: [File] = []

    /// The first value of a field.
    public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// Every value of a field, in order.
    public func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// Reads a body while it arrives; at no time is more than a chunk of a file in memory.
    ///
    /// - Parameters:
    ///   - contentType: the request's `Content-Type`.
    ///   - openSink: makes the sink of a file; it may throw to refuse the file.
    /// - Throws: `HTTPError` 400, 413 or 415, and what the sinks throw. Every sink was told to discard by then.
    public static func read(
        _ body: HTTPBody, contentType: String, limits: MultipartLimits = MultipartLimits(),
        openSink: @Sendable (MultipartPart) async throws -> any MultipartFileSink
    ) async throws -> MultipartForm {
        var form = MultipartForm()
        var current: (any MultipartFileSink)?
        do {
            var parser = try MultipartParser(contentType: contentType, limits: limits)
            var part = MultipartPart(name: "", fileName: nil, contentType: nil)
            var value: [UInt8] = []
            var count: Int64 = 0
            for try await chunk in body {
                for event in try parser.consume(chunk) {
                    switch event {
                    case .began(let next):
                        part = next
                        value = []
                        count = 0
                        current = part.fileName == nil ? nil : try await openSink(part)
                    case .content(let bytes):
                        count += Int64(bytes.count)
                        if let current { try await current.write(bytes) } else { value += bytes }
                    case .ended:
                        if let sink = current {
                            try await sink.finish()
                            form.files.append(File(part: part, byteCount: count, sink: sink))
                            current = nil
                        } else {
                            guard let text = String(validating: value, as: UTF8.self) else {
                                throw HTTPError.malformed("invalid_encoding", "A field of the form is not UTF-8.")
                            }
                            form.fields.append((part.name, text))
                        }
                    }
                }
            }
            try parser.finish()
            return form
        } catch {
            await current?.discard()
            for file in form.files { await file.sink.discard() }
            throw error
        }
    }
}
