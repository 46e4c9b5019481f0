import Generations
import StoreConformance
import Testing
import Time

struct SessionTests {
    private let now = Samples.start

    /// A session ends 30 days after its last use.
    @Test func ends() {
        let (token, _) = SignInToken.issue(organisation: OrganisationID(), role: .operator, now: now)
        let session = Session(opening: token, digest: "d", client: "Browser", now: now)
        let end = now.advanced(by: .seconds(2_592_000))
        #expect(session.expiresAt == end)
        #expect(session.role == .operator)
        #expect(session.organisation == token.organisation)
    }

    /// A use is stored five minutes after the one before, and not sooner.
    @Test func uses() {
        let (token, _) = SignInToken.issue(organisation: OrganisationID(), role: .member, now: now)
        let session = Session(opening: token, digest: "d", client: "", now: now)
        #expect(!session.mustNoteUse(at: now.advanced(by: .milliseconds(299_999))))
        #expect(session.mustNoteUse(at: now.advanced(by: .seconds(300))))
    }

    /// What a browser calls itself cannot fill the store: of a flag with any number of parts, too, a piece is kept.
    @Test func longClients() {
        let (token, _) = SignInToken.issue(organisation: OrganisationID(), role: .member, now: now)
        let client = String(repeating: "e\u{301}", count: 5000)
        let session = Session(opening: token, digest: "d", client: client, now: now)
        #expect(session.client.unicodeScalars.count == 200)
    }

    /// A link lasts a day, has 256 random bits, and keeps them behind the number sign.
    @Test func links() {
        let (token, secret) = SignInToken.issue(organisation: OrganisationID(), role: .member, now: now)
        let (other, otherSecret) = SignInToken.issue(organisation: OrganisationID(), role: .member, now: now)
        #expect(secret.utf8.count == 43)
        #expect(secret != otherSecret)
        #expect(token.digest != other.digest)
        #expect(token.digest == Secret.digest(of: secret))
        #expect(token.expiresAt == now.advanced(by: .seconds(86_400)))
        #expect(SignInToken.url(secret: "s", base: "https://lips.test") == "https://lips.test/studio#enter=s")
    }
}
