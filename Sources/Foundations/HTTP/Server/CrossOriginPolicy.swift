/// Which web pages may call the server from a browser, and how the server tells the browser: the protocol called CORS, in
/// section 3.2 of the Fetch standard.
///
/// Keys travel in header fields of the page's own, and cookies are for pages of this server alone, so that credentials are
/// not allowed.
public struct CrossOriginPolicy: Sendable {
    /// How long a browser may remember a permission, in seconds; Chromium remembers no longer.
    private static let memorySeconds = 7200

    /// The origins, such as `https://app.example.com`; nil for all.
    private let origins: Set<String>?

    /// Allows the pages of some origins, or of all where `*` is among them.
    public init(origins: Set<String>) { self.origins = origins.contains("*") ? nil : origins }

    /// The fields that let a page read the answer to its request.
    func fields(for headers: HTTPHeaders) -> HTTPHeaders {
        guard let origin = headers["Origin"] else { return vary }
        guard isAllowed(origin) else { return vary }
        var fields = vary
        fields["Access-Control-Allow-Origin"] = origins == nil ? "*" : origin
        fields["Access-Control-Expose-Headers"] = "*"
        return fields
    }

    /// The answer to a browser that asks whether it may send a request; nil for any other request, and where it may not.
    ///
    /// - Parameter methods: What the path takes.
    func preflight(_ method: HTTPMethod, _ headers: HTTPHeaders, methods: [HTTPMethod]) -> HTTPResponse? {
        guard method == .options, let origin = headers["Origin"], isAllowed(origin), !methods.isEmpty,
            headers["Access-Control-Request-Method"] != nil
        else { return nil }
        var fields: HTTPHeaders = [
            "Access-Control-Allow-Methods": methods.map(\.rawValue).joined(separator: ", "),
            "Access-Control-Max-Age": String(Self.memorySeconds),
        ]
        if let wanted = headers["Access-Control-Request-Headers"] { fields["Access-Control-Allow-Headers"] = wanted }
        return HTTPResponse(.noContent, headers: fields)
    }

    private func isAllowed(_ origin: String) -> Bool { origins?.contains(origin.lowercased()) ?? true }

    /// An answer that differs by origin must not be kept for another one.
    private var vary: HTTPHeaders { origins == nil ? [:] : ["Vary": "Origin"] }
}
