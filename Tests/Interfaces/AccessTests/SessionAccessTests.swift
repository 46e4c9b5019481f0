import Access
import Generations
import HTTP
import InterfaceHarness
import Testing
import Time

@Suite("Sessions of browsers")
struct SessionAccessTests {
    private let pages = SameOrigin(publicURL: nil)

    private static func request(
        _ secret: String, _ others: HTTPHeaders = [:], method: HTTPMethod = .get
    ) throws -> HTTPRequest {
        var headers = others
        headers["Cookie"] = "lipsmith_session=\(secret)"
        headers["Host"] = "lips.test"
        return try HTTPRequest(method, "/v1/session", headers: headers)
    }

    @Test("A cookie is let in where cookies are taken, and nowhere else")
    func cookies() async throws {
        let keys = CountedKeys(role: .operator)
        let authenticator = Authenticator(store: keys)
        let request = try Self.request(keys.sessionSecret)
        let caller = try await authenticator.caller(of: request, pages: pages)
        #expect(caller.credential == .session(keys.session.id))
        #expect(caller.session == keys.session.id)
        #expect(caller.organisation == keys.key.organisation)
        #expect(caller.role == .operator)
        await #expect(throws: AuthenticationFailure.missing) { try await authenticator.caller(of: request) }
        let empty = try Self.request("")
        await #expect(throws: AuthenticationFailure.missing) {
            try await authenticator.caller(of: empty, pages: pages)
        }
        let wrong = try Self.request("wrong")
        await #expect(throws: AuthenticationFailure.wrong) {
            try await authenticator.caller(of: wrong, pages: pages)
        }
        let endless = try Self.request(String(repeating: "a", count: 201))
        await #expect(throws: AuthenticationFailure.missing) {
            try await authenticator.caller(of: endless, pages: pages)
        }
    }

    @Test("A key in a header counts before a cookie, also where it is wrong")
    func keysFirst() async throws {
        let keys = CountedKeys()
        let authenticator = Authenticator(store: keys)
        let both = try Self.request(keys.sessionSecret, ["x-api-key": keys.secret])
        #expect(try await authenticator.caller(of: both, pages: pages).credential == .key(keys.key.id))
        let wrong = try Self.request(keys.sessionSecret, ["Authorization": "Bearer sk-wrong"])
        await #expect(throws: AuthenticationFailure.wrong) {
            try await authenticator.caller(of: wrong, pages: pages)
        }
        // A proxy's own password is no key.
        let basic = try Self.request(keys.sessionSecret, ["Authorization": "Basic abc"])
        #expect(try await authenticator.caller(of: basic, pages: pages).session == keys.session.id)
    }

    @Test("The secret of a session opens nothing as a key, nor that of a key as a cookie, known or not")
    func kinds() async throws {
        let keys = CountedKeys()
        let authenticator = Authenticator(store: keys)
        _ = try await authenticator.caller(of: try Self.request(keys.sessionSecret), pages: pages)
        _ = try await authenticator.caller(of: try HTTPRequest(.get, "/", headers: ["x-api-key": keys.secret]))
        let asKey = try HTTPRequest(.get, "/", headers: ["x-api-key": keys.sessionSecret])
        await #expect(throws: AuthenticationFailure.wrong) { try await authenticator.caller(of: asKey) }
        let asCookie = try Self.request(keys.secret)
        await #expect(throws: AuthenticationFailure.wrong) {
            try await authenticator.caller(of: asCookie, pages: pages)
        }
    }

    @Test("Known sessions are remembered for five seconds; one that is forgotten is looked up again at once")
    func memory() async throws {
        let keys = CountedKeys()
        let authenticator = Authenticator(store: keys)
        let request = try Self.request(keys.sessionSecret)
        let start = ContinuousClock.now
        for seconds in [0, 1, 4.9] {
            _ = try await authenticator.caller(of: request, pages: pages, now: start + .seconds(seconds))
        }
        #expect(keys.lookUps == 1)
        _ = try await authenticator.caller(of: request, pages: pages, now: start + .seconds(5))
        #expect(keys.lookUps == 2)
        keys.revoke()
        _ = try await authenticator.caller(of: request, pages: pages, now: start + .seconds(6))
        authenticator.forget(.key(keys.key.id))
        _ = try await authenticator.caller(of: request, pages: pages, now: start + .seconds(6))
        authenticator.forget(.session(keys.session.id))
        await #expect(throws: AuthenticationFailure.wrong) {
            try await authenticator.caller(of: request, pages: pages, now: start + .seconds(6))
        }
    }

    @Test("Uses are stored where the last one is minutes old, and not each time")
    func uses() async throws {
        let now = SystemClock().now
        for (age, count) in [(0, 0), (290, 0), (310, 1), (86_400, 1)] {
            let keys = CountedKeys(signedInAt: now.advanced(by: .seconds(-age)))
            let authenticator = Authenticator(store: keys)
            for _ in 0..<5 {
                _ = try await authenticator.caller(of: try Self.request(keys.sessionSecret), pages: pages)
            }
            #expect(keys.notedUses == count, "\(age) s")
        }
        let over = CountedKeys(signedInAt: now.advanced(by: .zero - Session.validity))
        await #expect(throws: AuthenticationFailure.wrong) {
            try await Authenticator(store: over)
                .caller(of: try Self.request(over.sessionSecret), pages: pages)
        }
        #expect(over.notedUses == 0)
    }

    @Test("By cookie only this server's pages change anything; whatever sends a key, or reads, is let in")
    func methods() async throws {
        let keys = CountedKeys()
        let authenticator = Authenticator(store: keys)
        let foreign: HTTPHeaders = ["Origin": "https://other.test"]
        for method: HTTPMethod in [.get, .head] {
            let request = try Self.request(keys.sessionSecret, foreign, method: method)
            #expect(try await authenticator.caller(of: request, pages: pages).session == keys.session.id)
        }
        for method in [HTTPMethod.post, .put, .patch, .delete, HTTPMethod(rawValue: "get")] {
            let request = try Self.request(keys.sessionSecret, foreign, method: method)
            await #expect(throws: AuthenticationFailure.crossSite) {
                try await authenticator.caller(of: request, pages: pages)
            }
            let own = try Self.request(keys.sessionSecret, ["Origin": "https://lips.test"], method: method)
            #expect(try await authenticator.caller(of: own, pages: pages).session == keys.session.id)
            let key = try Self.request(
                keys.sessionSecret, ["Origin": "https://a.test", "x-api-key": keys.secret], method: method)
            #expect(try await authenticator.caller(of: key, pages: pages).session == nil)
        }
    }

    @Test("The cookie is kept from scripts and other sites, and from unencrypted ways where there is an encrypted one")
    func fields() throws {
        let request = try Self.request("old")
        let plain = SessionCookie.fields(secret: "new", for: request, base: "http://lips.test")
        #expect(
            plain["Set-Cookie"]
                == "lipsmith_session=new; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict")
        let prolonged = SessionCookie.fields(for: request, base: "HTTPS://lips.test")
        #expect(
            prolonged["Set-Cookie"]
                == "lipsmith_session=old; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict; Secure")
        #expect(
            SessionCookie.removal(base: "https://lips.test")["Set-Cookie"]
                == "lipsmith_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure")
        #expect(SessionCookie.fields(for: try HTTPRequest(.get, "/"), base: "http://lips.test").count == 0)
    }
}
