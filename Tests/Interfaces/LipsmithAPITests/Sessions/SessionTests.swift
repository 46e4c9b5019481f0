import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Testing
import Text
import Time

@Suite("Lipsmith's own API: sessions")
struct SessionTests {
    @Test("A link signs its opener in once, with the role and the organisation of the link")
    func opening() async throws {
        let harness = try await SessionHarness(facts: .test)
        let secret = try await harness.link(.operator)
        let opened = try await harness.open(secret, headers: ["User-Agent": "Browser 1.0"])
        #expect(opened.status == 201)
        #expect(opened["role"] == "operator")
        #expect(opened["organisation"]?["id"]?.text == harness.organisation.rawValue)
        #expect(opened["organisation"]?["name"] == "test")
        #expect(opened["client"] == "Browser 1.0")
        #expect(opened["isCurrent"] == true)
        let cookie = try #require(opened.cookie)
        #expect(cookie.hasPrefix("lipsmith_session="))
        #expect(!opened.text.contains(cookie.dropFirst("lipsmith_session=".count)))
        #expect(opened.headers["Set-Cookie"]?.hasSuffix("; HttpOnly; SameSite=Strict") == true)
        let again = try await harness.open(secret)
        #expect(again.status == 401)
        #expect(again.refusalCode == "sign-in-link-invalid")
        #expect(again.cookie == nil)
        #expect(again["error"]?["requestId"] == "test")
    }

    @Test("Tries to open links are counted, and refused when they are too many")
    func tries() async throws {
        let harness = try await SessionHarness(facts: .test)
        let secret = try await harness.link()
        for _ in 0..<20 { #expect(try await harness.open("wrong").status == 401) }
        let refused = try await harness.open(secret)
        #expect(refused.status == 429)
        #expect(refused.refusalCode == "rate-limited")
        #expect(refused.headers["Retry-After"] == "3")
        #expect(refused.cookie == nil)
    }

    @Test("Who asks is told: by cookie the session, by key none")
    func caller() async throws {
        let harness = try await SessionHarness(facts: .test)
        let opened = try await harness.open(try await harness.link())
        let cookie = try #require(opened.cookie)
        let asked = try await harness.page(.get, "/v1/session", cookie: cookie, headers: [:])
        #expect(asked.status == 200)
        #expect(asked["kind"] == "session")
        #expect(asked["role"] == "member")
        #expect(asked["session"] == opened.json)
        #expect(asked["version"] == "9.8.7")
        #expect(asked["limits"] == ["uploadBytes": 1_000_000, "chunkBytes": 8_388_608, "textCharacters": 5000])
        // The browser keeps the cookie for as long as the session goes on.
        #expect(asked.cookie == cookie)
        let key = try await harness.send(.get, "/v1/session", headers: ["Cookie": cookie])
        #expect(key["kind"] == "key")
        #expect(key.isNull("session"))
        #expect(key["organisation"] == asked["organisation"])
        #expect(key.cookie == nil)
        let nobody = try await harness.send(.get, "/v1/session", key: "")
        #expect(nobody.status == 401)
        #expect(nobody.refusalCode == "credential-missing")
        let stranger = try await harness.page(.get, "/v1/session", cookie: "lipsmith_session=x")
        #expect(stranger.status == 401)
        #expect(stranger.refusalCode == "credential-invalid")
    }

    @Test("Opening a link makes a new secret, whatever the browser had before, and leaves the other session alone")
    func fixation() async throws {
        let harness = try await SessionHarness(facts: .test)
        let attacker = try await harness.signIn()
        let planted = "lipsmith_session=chosen-by-somebody"
        var seen: Set<String> = [attacker, planted]
        for cookie in [attacker, planted] {
            let opened = try await harness.open(try await harness.link(.operator), headers: ["Cookie": cookie])
            #expect(opened.status == 201)
            #expect(seen.insert(try #require(opened.cookie)).inserted)
        }
        #expect(try await harness.page(.get, "/v1/session", cookie: planted).status == 401)
        #expect(try await harness.page(.get, "/v1/session", cookie: attacker)["role"] == "member")
    }

    @Test("Signing out ends the session at once and takes the cookie away")
    func signingOut() async throws {
        let harness = try await SessionHarness(facts: .test)
        let cookie = try await harness.signIn()
        #expect(try await harness.page(.get, "/v1/session", cookie: cookie).status == 200)
        let left = try await harness.page(.delete, "/v1/session", cookie: cookie)
        #expect(left.status == 204)
        #expect(left.cookie == "lipsmith_session=")
        #expect(left.headers["Set-Cookie"]?.contains("Max-Age=0") == true)
        #expect(try await harness.page(.get, "/v1/session", cookie: cookie).status == 401)
        let key = try await harness.send(.delete, "/v1/session")
        #expect(key.status == 404)
        #expect(key.refusalCode == "session-not-found")
    }

    @Test("A member sees and ends the sessions of its organisation, an operator all; operators' are operators' to end")
    func listing() async throws {
        let harness = try await SessionHarness(facts: .test)
        let member = try await harness.signIn()
        let boss = try await harness.signIn(.operator)
        let foreign = try await harness.open(try await harness.link(organisation: "other"))
        let foreignID = try #require(foreign["id"]?.text)
        func ids(_ cookie: String) async throws -> [String] {
            let list = try await harness.page(.get, "/v1/sessions", cookie: cookie)
            #expect(list.isNull("next"))
            return (list["items"]?.array ?? []).compactMap { $0["id"]?.text }
        }
        func current(_ cookie: String) async throws -> String {
            try #require(try await harness.page(.get, "/v1/session", cookie: cookie)["session"]?["id"]?.text)
        }
        let (memberID, bossID) = (try await current(member), try await current(boss))
        #expect(Set(try await ids(member)) == [memberID, bossID])
        #expect(Set(try await ids(boss)) == [memberID, bossID, foreignID])
        let refused = try await harness.page(.delete, "/v1/sessions/\(bossID)", cookie: member)
        #expect(refused.status == 403)
        #expect(refused.refusalCode == "operator-only")
        for id in [foreignID, SessionID().rawValue, "x"] {
            let unknown = try await harness.page(.delete, "/v1/sessions/\(id)", cookie: member)
            #expect(unknown.status == 404)
            #expect(unknown.refusalCode == "session-not-found")
        }
        let ended = try await harness.page(.delete, "/v1/sessions/\(foreignID)", cookie: boss)
        #expect(ended.status == 204)
        #expect(ended.cookie == nil)
        #expect(try await harness.page(.get, "/v1/session", cookie: try #require(foreign.cookie)).status == 401)
        let own = try await harness.page(.delete, "/v1/sessions/\(memberID)", cookie: member)
        #expect(own.cookie == "lipsmith_session=")
        #expect(try await harness.page(.get, "/v1/session", cookie: member).status == 401)
        #expect(try await ids(boss) == [bossID])
    }

    @Test("Sessions come in pages; a page that cannot be is refused with its field")
    func pages() async throws {
        let harness = try await SessionHarness(facts: .test)
        for _ in 0..<5 { _ = try await harness.signIn() }
        var seen: [String] = []
        var target = "/v1/sessions?limit=2"
        for count in [2, 2, 1] {
            let page = try await harness.send(.get, target)
            let items = (page["items"]?.array ?? []).compactMap { $0["id"]?.text }
            #expect(items.count == count)
            seen += items
            target = "/v1/sessions?limit=2&cursor=\(page["next"]?.text ?? "")"
        }
        #expect(target.hasSuffix("cursor="))
        #expect(Set(seen).count == 5)
        for (query, field) in [
            ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("cursor=x", "cursor"),
        ] {
            let refused = try await harness.send(.get, "/v1/sessions?\(query)")
            #expect(refused.status == 400)
            #expect(refused["error"]?["field"]?.text == field)
        }
    }

    @Test("A session whose time is over opens nothing")
    func over() async throws {
        let harness = try await SessionHarness(facts: .test)
        let now = SystemClock().now
        let old = try await harness.signIn(now: now.advanced(by: .zero - Session.validity))
        #expect(try await harness.page(.get, "/v1/session", cookie: old).status == 401)
        let late = try await harness.signIn(now: now.advanced(by: .seconds(60) - Session.validity))
        let used = try await harness.page(.get, "/v1/session", cookie: late)
        #expect(used.status == 200)
        // The use has put off its end.
        let end = try #require(used["session"]?["expiresAt"]?.text.flatMap { Timestamp(iso8601: $0) })
        #expect(end > now.advanced(by: .seconds(29 * 86_400)))
    }

    @Test(
        "Bodies that open nothing are refused with their field",
        arguments: [
            ("{}", "token"), (#"{"token":null}"#, "token"), (#"{"token":7}"#, "token"), (#"{"token":""}"#, "token"),
            (#"{"token":"\#(String(repeating: "a", count: 201))"}"#, "token"), ("[]", nil), ("", nil), ("{", nil),
        ])
    func badBodies(body: String, field: String?) async throws {
        let harness = try await SessionHarness(facts: .test)
        let answer = try await harness.send(
            .post, "/v1/sessions", headers: ["Content-Type": "application/json"], body: Array(body.utf8), key: "")
        #expect(answer.status == 400)
        #expect(answer["error"]?["field"]?.text == field)
        #expect(answer.cookie == nil)
    }

    @Test("A body that is too large is refused")
    func largeBody() async throws {
        let harness = try await SessionHarness(facts: .test)
        let answer = try await harness.open(String(repeating: "a", count: 5000))
        #expect(answer.status == 413)
    }

    @Test("Links are for the operator's organisation unless another is named; wrong bodies name their field")
    func links() async throws {
        let harness = try await SessionHarness(facts: .test)
        let named = try await harness.open(try await harness.link(organisation: harness.organisation.rawValue))
        #expect(named["organisation"]?["name"] == "test")
        let first = try await harness.open(try await harness.link(organisation: "shop"))
        let second = try await harness.open(try await harness.link(organisation: "shop"))
        #expect(first["organisation"]?["name"] == "shop")
        #expect(first["organisation"] == second["organisation"])
        let key = try await harness.operatorKey()
        for (body, field): (JSONValue, String) in [
            ([:], "role"), (["role": "king"], "role"), (["role": 1], "role"),
            (["role": "member", "organisation": ""], "organisation"),
            (["role": "member", "organisation": 5], "organisation"),
        ] {
            let refused = try await harness.send(.post, "/v1/sign-in-links", json: body, key: key)
            #expect(refused.status == 400)
            #expect(refused["error"]?["field"]?.text == field)
        }
    }

    @Test("Each credential has its own count of requests")
    func rateLimits() async throws {
        let harness = try await SessionHarness(facts: .test, requestsPerMinute: 1)
        let (first, second) = (try await harness.signIn(), try await harness.signIn())
        #expect(try await harness.page(.get, "/v1/session", cookie: first).status == 200)
        let refused = try await harness.page(.get, "/v1/session", cookie: first)
        #expect(refused.status == 429)
        #expect(refused.refusalCode == "rate-limited")
        #expect(try await harness.page(.get, "/v1/session", cookie: second).status == 200)
        #expect(try await harness.send(.get, "/v1/session").status == 200)
    }
}
