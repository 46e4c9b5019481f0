import Access
import Generations
import HTTP
import Testing
import Time

extension LinkKind {
    fileprivate static let film = LinkKind("film", path: "/films/{id}/content")
    fileprivate static let sending = LinkKind("sending", path: "/uploads/{id}")
    fileprivate static let upload = LinkKind("upload", path: "/uploads/{id}")
}

@Suite("Signed links")
struct SignedLinksTests {
    private let links = SignedLinks(
        signer: DownloadTokenSigner(secret: RandomBytes.make(32)), kinds: [.film, .sending, .upload])
    private let id = AssetID()
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func request(_ url: String) throws -> HTTPRequest {
        try HTTPRequest(.get, String(url.dropFirst("https://lips.test".count)))
    }

    @Test("A link opens what it was made for, and nothing else")
    func openness() throws {
        let request = try request(links.url(.film, id, base: "https://lips.test"))
        #expect(request.path == "/films/\(id)/content")
        #expect(links.isOpen(SignedLink(.film, id.rawValue), to: request, now: now))
        #expect(!links.isOpen(SignedLink(.film, AssetID().rawValue), to: request, now: now))
        #expect(!links.isOpen(SignedLink(.upload, id.rawValue), to: request, now: now))
        let bare = try HTTPRequest(.get, request.path)
        #expect(!links.isOpen(SignedLink(.film, id.rawValue), to: bare, now: now))
    }

    @Test("A link ends with its time")
    func expiry() throws {
        let end = now.advanced(by: .seconds(60))
        let request = try request(links.url(.film, id, base: "https://lips.test", expiry: end))
        let link = SignedLink(.film, id.rawValue)
        #expect(links.isOpen(link, to: request, now: end.advanced(by: .seconds(-1))))
        #expect(!links.isOpen(link, to: request, now: end))
    }

    @Test("The subject of a link is found under any name of the server; of two kinds with one path, the signed one")
    func subject() {
        for base in ["https://lips.test", "http://127.0.0.1:8080", "http://[::1]:80"] {
            for kind in [LinkKind.film, .sending, .upload] {
                let url = links.url(kind, id, base: base)
                #expect(links.subject(of: url, now: now) == SignedLink(kind, id.rawValue))
            }
        }
    }

    @Test(
        "Other addresses have no subject",
        arguments: ["", "film", "https://lips.test", "https://lips.test/films/x/content", "https://lips.test/%zz"])
    func foreign(url: String) {
        #expect(links.subject(of: url, now: now) == nil)
        #expect(links.subject(of: url + "?token=0.AAAA", now: now) == nil)
    }

    @Test("A link of another installation, of a kind that nobody has registered, or under another path is none of ours")
    func strangers() {
        let other = SignedLinks(signer: DownloadTokenSigner(secret: RandomBytes.make(32)), kinds: [.film])
        #expect(links.subject(of: other.url(.film, id, base: "http://a"), now: now) == nil)
        let unknown = LinkKind("unknown", path: "/films/{id}/content")
        #expect(links.subject(of: links.url(unknown, id, base: "http://a"), now: now) == nil)
        let moved = links.url(.film, id, base: "http://a").replacing("/films/", with: "/uploads/")
        #expect(links.subject(of: moved, now: now) == nil)
    }
}
