extension HTTPRequest {
    /// The body as an `application/x-www-form-urlencoded` form.
    ///
    /// - Throws: `HTTPError` 415 for another content type, 413 past `maximumBytes`, 400 if it is not valid UTF-8 or has
    ///   more than `maximumFields` fields.
    public func readForm(maximumBytes: Int = 1 << 20, maximumFields: Int = 1000) async throws -> HTTPQuery {
        guard HeaderValue(headers["Content-Type"] ?? "").value == "application/x-www-form-urlencoded" else {
            throw HTTPError(.unsupportedMediaType, "unsupported_media_type", "The body is not an urlencoded form.")
        }
        let bytes = try await body.collect(maximumBytes: maximumBytes)
        return try HTTPQuery(parsing: bytes[...], maximumPairs: maximumFields)
    }
}
