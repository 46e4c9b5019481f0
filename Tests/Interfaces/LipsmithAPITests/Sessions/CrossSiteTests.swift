import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Persistence
import Testing
import Text

@Suite("Lipsmith's own API: pages of other sites")
struct CrossSiteTests {
    /// The harness is called as `lips.test:8080`.
    private static let foreign: [HTTPHeaders] = [
        [:], ["Origin": "https://other.test"], ["Origin": "null"], ["Origin": "http://lips.test"],
        ["Origin": "http://lips.test:8081"], ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"],
        ["Sec-Fetch-Site": "none"], ["Origin": "https://other.test", "Sec-Fetch-Site": "same-origin"],
    ]
    private static let own: [HTTPHeaders] = [
        ["Origin": "http://lips.test:8080"], ["Origin": "https://lips.test:8080"], ["Sec-Fetch-Site": "same-origin"],
    ]

    @Test("They change nothing by a browser's cookie, and nothing is changed")
    func changes() async throws {
        let harness = try await SessionHarness(facts: .test)
        let cookie = try await harness.signIn(.operator)
        for headers in Self.foreign {
            for (method, target): (HTTPMethod, String) in [
                (.delete, "/v1/session"), (.post, "/v1/sign-in-links"), (.post, "/v1/operator/keys"),
                (.delete, "/v1/operator/keys/\(APIKeyID())"),
            ] {
                let answer = try await harness.page(
                    method, target, cookie: cookie, json: ["role": "operator", "name": "stolen"], headers: headers)
                #expect(answer.status == 403, "\(method) \(target) \(headers)")
                #expect(answer.refusalCode == "cross-site-request", "\(method) \(target) \(headers)")
            }
        }
        #expect(try await harness.store.keys().count == 1)
        #expect(try await harness.page(.get, "/v1/session", cookie: cookie).status == 200)
    }

    @Test("Pages of this server do, and whoever has a key does from anywhere")
    func ownPages() async throws {
        let harness = try await SessionHarness(facts: .test)
        for headers in Self.own {
            let cookie = try await harness.signIn()
            #expect(try await harness.page(.delete, "/v1/session", cookie: cookie, headers: headers).status == 204)
        }
        let key = try await harness.operatorKey()
        for headers in Self.foreign {
            let made = try await harness.send(
                .post, "/v1/sign-in-links", json: ["role": "member"], headers: headers, key: key)
            #expect(made.status == 201)
        }
    }

    @Test("Reading by cookie needs no proof: browsers keep answers from other sites' pages, and send them no cookie")
    func reading() async throws {
        let harness = try await SessionHarness(facts: .test)
        let cookie = try await harness.signIn()
        for headers in Self.foreign {
            #expect(try await harness.page(.get, "/v1/session", cookie: cookie, headers: headers).status == 200)
        }
    }

    @Test("They sign no browser in to a session of their choice; programs may")
    func signingIn() async throws {
        let harness = try await SessionHarness(facts: .test)
        let secret = try await harness.link()
        for headers in Self.foreign where headers.count > 0 {
            let refused = try await harness.open(secret, headers: headers)
            #expect(refused.status == 403)
            #expect(refused.refusalCode == "cross-site-request")
            #expect(refused.cookie == nil)
        }
        // The link is as new.
        #expect(try await harness.open(secret).status == 201)
        for headers in Self.own {
            #expect(try await harness.open(try await harness.link(), headers: headers).status == 201)
        }
    }
}
