import Access
import Generations
import HTTP
import InterfaceHarness
import Testing
import Text
import WebInterface

/// Errors as plain texts: what they are and what they say.
private struct PlainErrors: ErrorRenderer {
    func render(_ error: GenerationError, requestID: String) -> HTTPError {
        let status: HTTPStatus =
            switch error.code {
            case .assetNotFound: .notFound
            case .partUnavailable: .serviceUnavailable
            default: .internalServerError
            }
        return answer(status, error.code.rawValue, detail: error.detail)
    }

    /// An error that only this interface has.
    struct Own: Error {}

    func render(own error: any Error, requestID: String) -> HTTPError? {
        error is Own ? answer(HTTPStatus(rawValue: 410), "own") : nil
    }

    func render(_ failure: AuthenticationFailure, requestID: String) -> HTTPError {
        answer(.unauthorized, "\(failure)")
    }

    func translate(_ error: RequestError) -> any Error {
        switch error {
        case .fields(let errors): answer(.badRequest, "\(errors.count) fields")
        case .body: answer(.badRequest, "body")
        case .linkClosed: answer(.unauthorized, "closed")
        case .fileGone: HTTPError(.notFound, "gone", "gone")
        }
    }

    func response(to error: HTTPError, requestID: String) -> HTTPResponse {
        .text("outside \(error.code)", status: error.status)
    }

    private func answer(_ status: HTTPStatus, _ text: String, detail: String = "") -> HTTPError {
        HTTPError(status, text, text, detail: detail, response: .text(text, status: status))
    }
}

@Suite("Endpoints")
struct EndpointTests {
    private var keys = CountedKeys()

    private func answer(
        callers: Endpoint.Callers = .members, key: String? = nil, requestsPerMinute: Int = 0, body: [UInt8] = [],
        type: String? = nil, headers others: HTTPHeaders = [:], takesCookies: Bool = false,
        handle: @escaping Endpoint.Handler
    ) async throws -> (status: Int, text: String, detail: String) {
        let dispatcher = EndpointDispatcher(
            "test",
            authenticator: Authenticator(store: keys), limiter: RateLimiter(requestsPerMinute: requestsPerMinute),
            address: PublicAddress(configured: "https://lips.test/", fallback: "http://x"), errors: PlainErrors(),
            takesCookies: takesCookies)
        var router = HTTPRouter()
        dispatcher.register(
            [Endpoint(.post, "/things/{id}", callers: callers, handle: handle)], under: "/base", on: &router)
        var headers = others
        headers["x-api-key"] = key ?? keys.secret
        headers["Content-Type"] = type
        let request = try HTTPRequest(.post, "/base/things/5", headers: headers, body: HTTPBody(body))
        do {
            let response = try await router.respond(to: request)
            return (response.status.rawValue, String(decoding: response.bytes, as: UTF8.self), "")
        } catch let error as HTTPError {
            let response = try #require(error.response)
            return (response.status.rawValue, String(decoding: response.bytes, as: UTF8.self), error.detail)
        }
    }

    @Test("A handler gets the caller, the public address and what the path names, and works on the caller's behalf")
    func call() async throws {
        let organisation = keys.key.organisation
        let answer = try await answer { call in
            #expect(call.organisation == organisation)
            #expect(WorkOwner.current == organisation)
            return .text("\(call.base) \(call.parameter())")
        }
        #expect(answer.text == "https://lips.test 5")
    }

    @Test("A wrong key is refused in the interface's words; an open endpoint needs none and works for nobody")
    func keyless() async throws {
        let refused = try await answer(key: "sk-wrong") { _ in .text("in") }
        #expect(refused.status == 401)
        #expect(refused.text == "wrong")
        let open = try await answer(callers: .anybody, key: "") { call in
            #expect(WorkOwner.current == nil)
            #expect(call.organisation.rawValue.isEmpty)
            return .text("in")
        }
        #expect(open.text == "in")
    }

    @Test("Operators' endpoints refuse members in the interface's words, and let operators in")
    func operators() async throws {
        let refused = try await answer(callers: .operators) { _ in .text("in") }
        #expect(refused.status == 401)
        #expect(refused.text == "operatorOnly")
        let chief = EndpointTests(keys: CountedKeys(role: .operator))
        for callers in [Endpoint.Callers.members, .operators] {
            let answer = try await chief.answer(callers: callers) { call in
                #expect(call.isOperator)
                return .text("\(call.caller?.credential == .key(chief.keys.key.id))")
            }
            #expect(answer.text == "true")
        }
        let member = try await answer { .text("\($0.isOperator)") }
        #expect(member.text == "false")
    }

    @Test("An endpoint for anybody knows no caller, whatever was sent")
    func anybody() async throws {
        let answer = try await answer(callers: .anybody) { .text("\($0.caller == nil) \($0.isOperator)") }
        #expect(answer.text == "true false")
    }

    @Test("Cookies are let in where the dispatcher takes them alone")
    func cookies() async throws {
        let cookie = "lipsmith_session=\(keys.sessionSecret)"
        let own: HTTPHeaders = ["Cookie": cookie, "Host": "x", "Origin": "https://lips.test"]
        #expect(try await answer(key: "", headers: own) { _ in .text("in") }.text == "missing")
        #expect(try await answer(key: "", headers: own, takesCookies: true) { _ in .text("in") }.text == "in")
        let foreign: HTTPHeaders = ["Cookie": cookie, "Host": "x", "Origin": "https://other.test"]
        let refused = try await answer(key: "", headers: foreign, takesCookies: true) { _ in .text("in") }
        #expect(refused.text == "crossSite")
    }

    @Test(
        "Each error has an answer in the interface's words",
        arguments: [
            (GenerationError(.assetNotFound), 404, "asset-not-found"), (PlainErrors.Own(), 410, "own"),
            (RequestError.fields([]), 400, "0 fields"),
            (RequestError.fileGone, 404, "outside gone"), (RequestError.linkClosed, 401, "closed"),
            (StoreError(code: .damaged, detail: "x"), 500, nil),
            (HTTPError(.conflict, "twice", "twice"), 409, "outside twice"), (CancellationError(), 503, nil),
        ] as [(any Error, Int, String?)])
    func errors(error: any Error, status: Int, text: String?) async throws {
        let answer = try await answer { _ in throw error }
        #expect(answer.status == status)
        if let text { #expect(answer.text == text) }
    }

    @Test("An error that nobody expected is told in the log alone")
    func unexpected() async throws {
        struct Secret: Error {}
        let answer = try await answer { _ in throw Secret() }
        #expect(answer.status == 500)
        #expect(!answer.text.contains("Secret"))
        #expect(answer.detail.contains("Secret"))
    }

    @Test(
        "Bodies that are no JSON objects",
        arguments: [
            ("{}", nil, nil), ("{}", "application/json", nil), ("{}", "text/plain", .mediaType),
            ("[1]", nil, .notAnObject),
        ] as [(String, String?, BodyFailure?)])
    func bodies(body: String, type: String?, failure: BodyFailure?) async throws {
        let answer = try await answer(body: Array(body.utf8), type: type) { call in
            do {
                _ = try await call.members()
                return .text("read")
            } catch let error as RequestError {
                return .text(error == failure.map(RequestError.body) ? "same" : "\(error)")
            }
        }
        #expect(answer.text == (failure == nil ? "read" : "same"))
    }

    @Test("An empty body and broken JSON are told apart, with the place")
    func brokenBodies() throws {
        #expect(throws: RequestError.self) { try Call.members(of: []) }
        do { _ = try Call.members(of: Array("{\"a\":}".utf8)) } catch .body(.syntax(let error)) {
            #expect(error.offset == 5)
        }
        do { _ = try Call.members(of: []) } catch {
            guard case .body(.empty) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }
}
