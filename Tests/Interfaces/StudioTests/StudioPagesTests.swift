import Foundation
import HTTP
import Studio
import TestSupport
import Testing

@Suite("The studio's page and files")
struct StudioPagesTests {
    private let router: HTTPRouter

    init() {
        var router = HTTPRouter()
        StudioPages().register(on: &router)
        self.router = router
    }

    private func get(_ target: String, headers: HTTPHeaders = [:]) async throws -> HTTPResponse {
        try await router.respond(to: HTTPRequest(.get, target, headers: headers))
    }

    private func page() async throws -> String { String(decoding: try await get("/studio").bytes, as: UTF8.self) }

    private func digest() async throws -> String {
        let page = try await page()
        return String(try #require(page.firstMatch(of: /\/studio\/v\/([0-9a-f]+)\//)).output.1)
    }

    /// The names and the bytes of everything that the studio sends, read from the repository.
    private func sources() throws -> [String: [UInt8]] {
        let studio = Repository.root + "/Sources/Interfaces/Studio/Files"
        let reports = Repository.root + "/Sources/Service/Reports/Files"
        var paths = try FileManager.default.contentsOfDirectory(atPath: studio).map { "\(studio)/\($0)" }
        paths += ["\(reports)/report.js", "\(reports)/report.css"]
        var result: [String: [UInt8]] = [:]
        for path in paths where !path.hasSuffix("/index.html") {
            result[URL(filePath: path).lastPathComponent] = Array(try Data(contentsOf: URL(filePath: path)))
        }
        return result
    }

    @Test("The page is asked for anew each time, and says what may run in it")
    func pageHeaders() async throws {
        let response = try await get("/studio")
        #expect(response.status == .ok)
        #expect(response.headers["Content-Type"] == "text/html; charset=utf-8")
        #expect(response.headers["Cache-Control"] == "no-cache")
        #expect(
            response.headers["Content-Security-Policy"]
                == "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
                + "media-src 'self' blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'")
        #expect(response.headers["X-Content-Type-Options"] == "nosniff")
        #expect(response.headers["Referrer-Policy"] == "no-referrer")
        #expect(response.headers["X-Frame-Options"] == "DENY")
        #expect(response.headers["Cross-Origin-Opener-Policy"] == "same-origin")
        #expect(response.headers["Permissions-Policy"] == "camera=(self), microphone=(self)")
    }

    @Test("Every file is served as it is in the repository, with its type, for ever")
    func files() async throws {
        let digest = try await digest()
        let types = ["js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml"]
        for (name, bytes) in try sources() {
            let response = try await get("/studio/v/\(digest)/\(name)")
            let isSame = response.bytes == bytes
            #expect(isSame, "\(name)")
            #expect(response.headers["Content-Type"] == types[URL(filePath: name).pathExtension], "\(name)")
            #expect(response.headers["Cache-Control"] == "public, max-age=31536000, immutable", "\(name)")
            #expect(response.headers["X-Content-Type-Options"] == "nosniff", "\(name)")
        }
    }

    @Test("The page's own files exist")
    func pageLinksAreServed() async throws {
        let links = try await page().matches(of: /(?:href|src)="([^"]+)"/).map { String($0.output.1) }
        #expect(links.count >= 5)
        for link in links { #expect(try await get(link).status == .ok, "\(link)") }
    }

    @Test("What a browser has already is not sent again", arguments: ["/studio", "FILE"])
    func unchanged(target: String) async throws {
        let target = target == "FILE" ? "/studio/v/\(try await digest())/main.js" : target
        let tag = try #require(try await get(target).headers["ETag"])
        #expect(tag.hasPrefix("\""))
        let again = try await get(target, headers: ["If-None-Match": "\"other\", W/\(tag)"])
        #expect(again.status == .notModified)
        #expect(again.bytes.isEmpty)
        #expect(again.headers["ETag"] == tag)
        #expect(try await get(target, headers: ["If-None-Match": "\"other\""]).status == .ok)
    }

    @Test("Other names and other digests are not there", arguments: ["none.js", "index.html", "..", "report.html"])
    func unknownNames(name: String) async throws {
        let digest = try await digest()
        await #expect(throws: HTTPError.self) { try await get("/studio/v/\(digest)/\(name)") }
    }

    @Test("An old digest has no files: two versions must not be mixed")
    func otherDigest() async throws {
        do {
            _ = try await get("/studio/v/0000000000000000/main.js")
            Issue.record("an old file was served")
        } catch let error as HTTPError {
            #expect(error.status == .notFound)
        }
    }

    @Test("A slash at the end leads to the page")
    func trailingSlash() async throws {
        let response = try await get("/studio/")
        #expect(response.status == .found)
        #expect(response.headers["Location"] == "/studio")
    }

    @Test("All files together are smaller than 300 kB")
    func size() async throws {
        let total = try sources().values.reduce(0) { $0 + $1.count } + (try await get("/studio").bytes.count)
        #expect(total < 300_000)
    }

    @Test("No file names another host, or holds what the policy forbids")
    func nothingForeign() throws {
        let allowed: Set<String> = ["http://www.w3.org/2000/svg", "https://example.com/clip.mp4,\"Hello,"]
        for (name, bytes) in try sources() {
            let text = String(decoding: bytes, as: UTF8.self)
            for match in text.matches(of: /https?:\/\/[a-z0-9][^'\s)`<>]*/) {
                let address = String(match.output).trimmingCharacters(in: ["\"", ";"])
                #expect(allowed.contains(where: { address.hasPrefix($0) }), "\(name): \(address)")
            }
            for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"] {
                #expect(!text.contains(word), "\(name): \(word)")
            }
        }
    }
}
