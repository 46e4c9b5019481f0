import Access
import HTTP
import Testing

@Suite("Requests of other sites' pages")
struct SameOriginTests {
    /// A request: what it says of where it comes from, and where it goes.
    struct Sending: CustomStringConvertible {
        var origins: [String]
        var host: String?
        var site: String?
        var publicURL: String?
        var forwarded: String?

        init(_ origin: String?, host: String?, site: String? = nil, publicURL: String? = nil) {
            self.init(origins: origin.map { [$0] } ?? [], host: host, site: site, publicURL: publicURL)
        }

        init(origins: [String], host: String?, site: String? = nil, publicURL: String? = nil) {
            self.origins = origins
            self.host = host
            self.site = site
            self.publicURL = publicURL
        }

        /// The same through a proxy that says by which scheme it was called.
        func forwarded(_ scheme: String) -> Sending {
            var sending = self
            sending.forwarded = scheme
            return sending
        }

        var description: String {
            "\(origins) → \(host ?? "–"), \(site ?? "–"), \(publicURL ?? "–"), \(forwarded ?? "–")"
        }

        func isAdmitted(needsProof: Bool = true) throws -> Bool {
            var headers: HTTPHeaders = [:]
            for origin in origins { headers.add("Origin", origin) }
            headers["Host"] = host
            headers["Sec-Fetch-Site"] = site
            headers["X-Forwarded-Proto"] = forwarded
            return SameOrigin(publicURL: publicURL)
                .admits(try HTTPRequest(.post, "/", headers: headers), needsProof: needsProof)
        }
    }

    @Test(
        "Pages of the called address are admitted, whatever a proxy does to scheme, port and case",
        arguments: [
            Sending("http://127.0.0.1:8080", host: "127.0.0.1:8080"), Sending("http://[::1]:8080", host: "[::1]:8080"),
            Sending("https://lips.test", host: "lips.test"), Sending("http://lips.test", host: "lips.test"),
            Sending("https://lips.test", host: "lips.test:443"), Sending("http://lips.test", host: "lips.test:80"),
            Sending("https://lips.test:443", host: "lips.test"), Sending("HTTPS://Lips.Test", host: "LIPS.test"),
            Sending("http://[::1]", host: "[::1]"), Sending("https://lips.test", host: "lips.test", site: "cross-site"),
            // A proxy that calls the server by another name.
            Sending("https://lips.test", host: "127.0.0.1:8080", publicURL: "https://lips.test"),
            Sending("https://lips.test", host: nil, publicURL: "https://lips.test/lips/"),
            Sending("https://lips.test:8443", host: "backend", publicURL: "https://lips.test:8443"),
            // A port speaks one scheme, whichever it is.
            Sending("https://lips.test:8443", host: "lips.test:8443"),
            Sending("http://lips.test:8443", host: "lips.test:8443"),
            Sending("https://lips.test", host: "lips.test").forwarded("https"),
            Sending("http://lips.test", host: "lips.test").forwarded("http"),
            Sending("https://lips.test", host: "lips.test").forwarded("https, http"),
            Sending(nil, host: "lips.test", site: "same-origin"),
        ])
    func admitted(_ sending: Sending) throws {
        #expect(try sending.isAdmitted())
        #expect(try sending.isAdmitted(needsProof: false))
    }

    @Test(
        "All others are refused",
        arguments: [
            Sending("https://other.test", host: "lips.test"), Sending("https://lips.test.evil", host: "lips.test"),
            Sending("https://evil-lips.test", host: "lips.test"), Sending("https://a.lips.test", host: "lips.test"),
            Sending("https://lips.test:8443", host: "lips.test"), Sending("https://lips.test", host: "lips.test:8443"),
            Sending("http://lips.test", host: "lips.test:443"), Sending("https://lips.test", host: "lips.test:80"),
            Sending("http://127.0.0.1:3000", host: "127.0.0.1:8080"), Sending("null", host: "lips.test"),
            Sending("null", host: "null"), Sending("", host: "lips.test"), Sending("", host: ""),
            Sending("https://", host: ""), Sending("lips.test", host: "lips.test"),
            Sending("file://lips.test", host: "lips.test"), Sending("https://lips.test", host: nil),
            Sending("https://user@lips.test", host: "lips.test"),
            Sending("https://lips.test@evil.test", host: "lips.test"),
            Sending("https://evil.test/lips.test", host: "lips.test"),
            Sending("https://lips.test:0", host: "lips.test"), Sending("https://lips.test:x", host: "lips.test:x"),
            Sending("https://lips.test:99999", host: "lips.test:99999"),
            Sending("https://lips.test:", host: "lips.test:"),
            Sending("http://lips.test", host: "backend", publicURL: "https://lips.test"),
            Sending("http://lips.test", host: "lips.test", publicURL: "https://lips.test"),
            Sending("https://lips.test:8443", host: "lips.test:8443", publicURL: "https://lips.test"),
            Sending("http://127.0.0.1:8080", host: "127.0.0.1:8080", publicURL: "https://lips.test"),
            Sending("http://lips.test:443", host: "lips.test:443"),
            Sending("https://lips.test:80", host: "lips.test:80"),
            Sending("http://lips.test:443", host: "lips.test"),
            Sending("http://lips.test", host: "lips.test").forwarded("https"),
            Sending("https://lips.test", host: "lips.test").forwarded("HTTP"),
            Sending("https://other.test", host: "backend", publicURL: "https://lips.test"),
            Sending("https://other.test", host: "lips.test", site: "same-origin"),
            Sending(origins: ["https://lips.test", "https://evil.test"], host: "lips.test"),
            Sending(origins: ["https://lips.test", "https://lips.test"], host: "lips.test"),
            Sending(nil, host: "lips.test", site: "cross-site"), Sending(nil, host: "lips.test", site: "same-site"),
            Sending(nil, host: "lips.test", site: "none"), Sending(nil, host: "lips.test", site: ""),
        ])
    func refused(_ sending: Sending) throws {
        #expect(try !sending.isAdmitted())
        #expect(try !sending.isAdmitted(needsProof: false))
    }

    @Test("Programs say nothing of pages: that is enough where nothing is at stake but their own request")
    func programs() throws {
        let silent = Sending(nil, host: "lips.test")
        #expect(try !silent.isAdmitted())
        #expect(try silent.isAdmitted(needsProof: false))
    }
}
