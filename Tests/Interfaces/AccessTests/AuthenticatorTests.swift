import Access
import Generations
import HTTP
import InterfaceHarness
import Testing

@Suite("API keys")
struct AuthenticatorTests {
    private static func request(_ headers: HTTPHeaders) throws -> HTTPRequest {
        try HTTPRequest(.get, "/", headers: headers)
    }

    @Test("A key is taken from either header")
    func headers() async throws {
        let keys = CountedKeys()
        let authenticator = Authenticator(store: keys)
        for headers: HTTPHeaders in [
            ["x-api-key": keys.secret], ["Authorization": "Bearer \(keys.secret)"],
            ["Authorization": "bearer \(keys.secret)"],
        ] {
            let caller = try await authenticator.caller(of: try Self.request(headers))
            #expect(caller.credential == .key(keys.key.id))
            #expect(caller.organisation == keys.key.organisation)
        }
    }

    @Test("No key and a wrong key are told apart")
    func failures() async throws {
        let authenticator = Authenticator(store: CountedKeys())
        for headers: HTTPHeaders in [[:], ["x-api-key": ""], ["Authorization": "Basic abc"], ["Authorization": "x"]] {
            await #expect(throws: AuthenticationFailure.missing) {
                try await authenticator.caller(of: try Self.request(headers))
            }
        }
        await #expect(throws: AuthenticationFailure.wrong) {
            try await authenticator.caller(of: try Self.request(["x-api-key": "sk-wrong"]))
        }
    }

    @Test("The store is asked once in five seconds for a known key, and each time for an unknown one")
    func cache() async throws {
        let keys = CountedKeys()
        let authenticator = Authenticator(store: keys)
        let request = try Self.request(["x-api-key": keys.secret])
        let start = ContinuousClock.now
        for _ in 0..<10 { _ = try await authenticator.caller(of: request, now: start) }
        #expect(keys.lookUps == 1)
        _ = try await authenticator.caller(of: request, now: start + .seconds(4.9))
        #expect(keys.lookUps == 1)
        _ = try await authenticator.caller(of: request, now: start + .seconds(5))
        #expect(keys.lookUps == 2)
        let wrong = try Self.request(["x-api-key": "sk-wrong"])
        for _ in 0..<3 { _ = try? await authenticator.caller(of: wrong, now: start) }
        #expect(keys.lookUps == 5)
    }

    @Test("A revoked key is refused once it is not remembered any more")
    func revocation() async throws {
        let keys = CountedKeys()
        let authenticator = Authenticator(store: keys)
        let request = try Self.request(["x-api-key": keys.secret])
        let start = ContinuousClock.now
        _ = try await authenticator.caller(of: request, now: start)
        keys.revoke()
        _ = try await authenticator.caller(of: request, now: start + .seconds(4))
        await #expect(throws: AuthenticationFailure.wrong) {
            try await authenticator.caller(of: request, now: start + .seconds(6))
        }
        await #expect(throws: AuthenticationFailure.wrong) {
            try await authenticator.caller(of: request, now: start + .seconds(6))
        }
    }
}
