import Access
import Generations
import HTTP
import Text
import Time
import WebInterface

/// Who is signed in, and how browsers come in and leave.
struct SessionController: Sendable {
    private let store: any KeyStore & SessionStore
    private let authenticator: Authenticator
    private let directory: OrganisationDirectory
    private let signIn: SignIn
    private let pages: SameOrigin
    /// The tries to open links, by the address that they come from.
    private let tries = RateLimiter<String>(requestsPerMinute: Self.triesPerMinute)
    private let facts: OperatorFacts
    /// The most characters of a text that is spoken.
    private let textLengthLimit: Int
    private let clock: any WallClock

    init(_ services: InterfaceServices, facts: OperatorFacts, textLengthLimit: Int) {
        store = services.store
        authenticator = services.authenticator
        directory = OrganisationDirectory(store: services.store, clock: services.clock)
        signIn = SignIn(store: services.store, clock: services.clock)
        pages = SameOrigin(publicURL: services.address.configured)
        self.facts = facts
        self.textLengthLimit = textLengthLimit
        clock = services.clock
    }

    /// How often an address may try to open links.
    private static let triesPerMinute = 20
    /// A secret has 43 characters.
    private static let tokenLength = 200

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/sessions", id: "signIn", tag: "Sessions", summary: "Open a sign-in link, once.",
                body: [.json(.object(["token": .string(1...Self.tokenLength)], required: ["token"]))],
                statuses: [201], answer: .json(SessionView.schema), callers: .anybody, handle: open),
            Endpoint(
                .get, "/v1/session", id: "getCaller", tag: "Sessions", summary: "Who asks, and what may be sent.",
                answer: .json(.object), handle: describe),
            Endpoint(
                .delete, "/v1/session", id: "signOut", tag: "Sessions", summary: "End the session that asks.",
                statuses: [204], handle: signOut),
            Endpoint(
                .get, "/v1/sessions", id: "listSessions", tag: "Sessions", summary: "The sessions in use.",
                parameters: PageQuery<Session>.parameters, answer: .json(.page(of: SessionView.schema)), handle: list),
            Endpoint(
                .delete, "/v1/sessions/{id}", id: "endSession", tag: "Sessions", summary: "End a session.",
                statuses: [204], handle: end),
            Endpoint(
                .post, "/v1/sign-in-links", id: "makeSignInLink", tag: "Sessions",
                summary: "Make an address that signs its opener in, once, within a day.",
                body: [
                    .json(
                        .object(
                            ["role": .oneWord(of: Role.self), "organisation": .string(1...255)], required: ["role"]))
                ], statuses: [201],
                answer: .json(.object(["url": .address, "expiresAt": .time], required: ["url", "expiresAt"])),
                callers: .operators, handle: makeLink),
        ]
    }

    // A page of another site that could sign a browser in would see what is done in its session.
    private func open(_ call: Call) async throws -> HTTPResponse {
        guard pages.admits(call.request, needsProof: false) else { throw AuthenticationFailure.crossSite }
        try tries.check(call.request.peerAddress)
        var reader = try await call.fields(["token"], atMost: 4096)
        let token = reader.text("token", isRequired: true, most: Self.tokenLength, least: 1)
        try reader.check()
        let client = call.request.headers["User-Agent"] ?? ""
        guard let token, let (session, secret) = try await signIn.open(token, client: client) else {
            throw LipsmithRefusal(
                .unauthorized, "sign-in-link-invalid", "The sign-in link was opened before, is too old, or is none.",
                suggestion: "Ask an operator for another one, or run `lipsmith studio-link` on the server's machine.")
        }
        let view = SessionView(names: try await OrganisationNames(directory), current: session.id)
        return .json(
            view.json(session), status: .created,
            headers: SessionCookie.fields(secret: secret, for: call.request, base: call.base))
    }

    private func describe(_ call: Call) async throws -> HTTPResponse {
        let names = try await OrganisationNames(directory)
        var session: Session?
        if let id = call.caller?.session { session = try await store.session(id, now: clock.now) }
        // The browser keeps the cookie for as long as the session goes on.
        let headers = session == nil ? [:] : SessionCookie.fields(for: call.request, base: call.base)
        return .json(
            [
                "kind": call.caller?.session == nil ? "key" : "session",
                "role": .text(call.caller?.role.rawValue), "organisation": names.json(call.organisation),
                "session": session.map(SessionView(names: names, current: session?.id).json) ?? .null,
                "version": .string(facts.version),
                "limits": [
                    "uploadBytes": .integer(facts.uploadByteLimit),
                    "chunkBytes": .integer(PartialUpload.pieceBytes),
                    "textCharacters": .whole(textLengthLimit),
                ],
            ], headers: headers)
    }

    private func signOut(_ call: Call) async throws -> HTTPResponse {
        guard let id = call.caller?.session else { throw Self.unknownSession }
        try await revoke(id)
        return HTTPResponse(.noContent, headers: SessionCookie.removal(base: call.base))
    }

    private func list(_ call: Call) async throws -> HTTPResponse {
        let wanted = try PageQuery<Session>(call)
        let page = try await store.sessions(
            organisation: call.isOperator ? nil : call.organisation, now: clock.now, after: wanted.cursor,
            limit: wanted.limit)
        let view = SessionView(names: try await OrganisationNames(directory), current: call.caller?.session)
        return .page(page.items.map(view.json), next: page.nextCursor(\.id))
    }

    private func end(_ call: Call) async throws -> HTTPResponse {
        guard let id = SessionID(parsing: call.parameter()),
            let session = try await store.session(id, now: clock.now),
            call.isOperator || session.organisation == call.organisation
        else { throw Self.unknownSession }
        // Who may not make operators' links may not end what they opened either.
        guard call.isOperator || session.role == .member else { throw AuthenticationFailure.operatorOnly }
        try await revoke(id)
        let isOwn = call.caller?.session == id
        return HTTPResponse(.noContent, headers: isOwn ? SessionCookie.removal(base: call.base) : [:])
    }

    private func revoke(_ id: SessionID) async throws {
        _ = try await store.revokeSession(id, now: clock.now)
        authenticator.forget(.session(id))
    }

    private func makeLink(_ call: Call) async throws -> HTTPResponse {
        var reader = try await call.fields(["role", "organisation"])
        let role = reader.word("role", among: Role.allCases.map(\.rawValue), isRequired: true)
        let name = reader.text("organisation", most: 255, least: 1)
        try reader.check()
        // Without a name, the operator's own.
        let organisation = try await name == nil ? call.organisation : directory.named(name).id
        let link = try await signIn.makeLink(
            organisation: organisation, role: role.flatMap(Role.init(rawValue:)) ?? .member)
        return .json(
            [
                "url": .string(SignInToken.url(secret: link.secret, base: call.base)),
                "expiresAt": .time(link.expiresAt),
            ], status: .created)
    }

    private static var unknownSession: LipsmithRefusal {
        LipsmithRefusal(
            .notFound, "session-not-found", "There is no such session in use.",
            suggestion: "GET /v1/sessions lists those that are; a key is no session.")
    }
}
