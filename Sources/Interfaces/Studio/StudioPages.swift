import Generations
public import HTTP
import Text

/// The studio: a page in which people make, watch and compare videos. A client of Lipsmith's own API.
///
/// The page is at `/studio`. Its files are at `/studio/v/DIGEST/NAME`, where the digest is that of all of them, so that a
/// browser may keep them for ever and still never mixes two versions.
public struct StudioPages: Sendable {
    /// The bytes of the page, with the digest in the addresses of its files.
    private let page: StudioFile
    private let files: [String: StudioFile]
    /// 16 hexadecimal digits that change whenever any file does.
    private let digest: String

    /// Reads the files that are part of the program.
    public init() {
        let contents = StudioFile.contents
        var all: [UInt8] = []
        for (name, bytes) in contents.sorted(by: { $0.key < $1.key }) {
            all += Array(name.utf8) + Digest.sha256(bytes)
        }
        let digest = String(Hexadecimal.encode(Digest.sha256(all)).prefix(16))
        self.digest = digest
        var files = contents.mapValues(StudioFile.init)
        let template = String(decoding: files.removeValue(forKey: StudioFile.pageName)?.bytes ?? [], as: UTF8.self)
        page = StudioFile(
            Array(
                template.split(separator: "{digest}", omittingEmptySubsequences: false)
                    .joined(separator: digest).utf8))
        self.files = files
    }

    /// Adds the page and its files.
    public func register(on router: inout HTTPRouter) {
        router.on(.get, "/studio") { request in
            .content(
                page.bytes, contentType: StudioFile.contentType(StudioFile.pageName), entityTag: page.entityTag,
                headers: Self.headers(cacheControl: "no-cache"), for: request)
        }
        // Whoever opens the bare address in a browser looks for the page.
        for path in ["/", "/studio/"] {
            router.on(.get, path) { _ in
                HTTPResponse(.found, headers: ["Location": "/studio", "Cache-Control": "no-cache"])
            }
        }
        router.on(.get, "/studio/v/{digest}/{name}") { request in
            guard request.parameters["digest"] == digest, let name = request.parameters["name"],
                let file = files[name]
            else { throw HTTPError(.notFound, "not_found", "There is nothing at this path.") }
            return .content(
                file.bytes, contentType: StudioFile.contentType(name), entityTag: file.entityTag,
                headers: Self.headers(cacheControl: "public, max-age=31536000, immutable"), for: request)
        }
    }

    /// What a browser may do with an answer: run and load this server's own files, talk to this server, use the camera
    /// and the microphone, and nothing else.
    private static func headers(cacheControl: String) -> HTTPHeaders {
        [
            "Cache-Control": cacheControl,
            "Content-Security-Policy": contentSecurityPolicy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "X-Frame-Options": "DENY",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(self), microphone=(self)",
        ]
    }

    private static let contentSecurityPolicy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:",
        "media-src 'self' blob:", "connect-src 'self'", "font-src 'self'", "base-uri 'none'", "form-action 'none'",
        "frame-ancestors 'none'",
    ].joined(separator: "; ")
}
