import Foundation
import Generations
import HTTP
import Synchronization
import TestSupport
import Text

/// A server on this machine that plays the part of a service, as strictly as its public documents say, and fails on
/// demand.
final class StandIn: Sendable {
    /// A request as it arrived.
    struct Arrival: Sendable {
        var method: HTTPMethod
        var path: String
        var query: HTTPQuery
        var headers: HTTPHeaders
        var body: [UInt8]

        var json: JSONValue? { try? JSONValue(parsing: body) }

        /// The parts of a form: fields as texts, files by their size.
        func form() async throws -> (fields: [String: String], files: [String: Int]) {
            let form = try await MultipartForm.read(
                HTTPBody(body), contentType: headers["Content-Type"] ?? "",
                limits: MultipartLimits()
            ) { _ in CountingSink() }
            return (
                Dictionary(form.fields.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
                Dictionary(form.files.map { ($0.part.name, Int($0.byteCount)) }, uniquingKeysWith: { $1 })
            )
        }
    }

    /// What goes wrong once.
    enum Fault: Sendable {
        case status(Int, JSONValue, HTTPHeaders = [:])
        case slow(Duration)
        case cut
        case type(String)
    }

    let port: Int
    private let server: HTTPServer
    private let state = Mutex<(arrivals: [Arrival], faults: [Fault])>(([], []))

    init(_ answer: @escaping @Sendable (Arrival) async throws -> HTTPResponse) throws {
        let relay = Relay()
        var router = HTTPRouter()
        for method in [HTTPMethod.get, .post, .delete] {
            router.on(method, "/{path*}", options: HTTPRouteOptions(maximumBodyBytes: 1 << 30)) { request in
                let arrival = Arrival(
                    method: request.method, path: request.path, query: request.query, headers: request.headers,
                    body: try await request.body.collect(maximumBytes: 1 << 28))
                guard let fault = relay.standIn?.note(arrival) else { return try await answer(arrival) }
                return try await Self.fail(fault) { try await answer(arrival) }
            }
        }
        server = HTTPServer(router: router)
        port = try server.start().port
        relay.standIn = self
    }

    /// Runs `body` beside the server.
    func run<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        let result: Result<Value, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        await server.shutdown(limit: .zero)
        return try result.get()
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var arrivals: [Arrival] { state.withLock { $0.arrivals } }

    /// Lets the next requests fail, one after the other.
    func fail(_ faults: Fault...) { state.withLock { $0.faults += faults } }

    private func note(_ arrival: Arrival) -> Fault? {
        state.withLock { state in
            state.arrivals.append(arrival)
            return state.faults.isEmpty ? nil : state.faults.removeFirst()
        }
    }

    private static func fail(
        _ fault: Fault, _ answer: () async throws -> HTTPResponse
    ) async throws -> HTTPResponse {
        switch fault {
        case .status(let status, let body, let headers):
            var headers = headers
            headers["Content-Type"] = "application/json"
            return HTTPResponse(HTTPStatus(rawValue: status), headers: headers, bytes: body.utf8)
        case .slow(let time):
            try await Task.sleep(for: time)
            return try await answer()
        case .cut:
            return .stream(headers: ["Content-Type": "audio/mpeg"], length: 100_000) { writer in
                try await writer.write([UInt8](repeating: 1, count: 1000))
                throw CancellationError()
            }
        case .type(let type):
            return HTTPResponse(.ok, headers: ["Content-Type": type], bytes: Array("<html>Sorry</html>".utf8))
        }
    }

    private final class Relay: Sendable {
        private let held = Mutex<StandIn?>(nil)

        var standIn: StandIn? {
            get { held.withLock { $0 } }
            set { held.withLock { $0 = newValue } }
        }
    }

    private final class CountingSink: MultipartFileSink {
        func write(_ bytes: ArraySlice<UInt8>) async throws {}
        func finish() async throws {}
        func discard() async {}
    }
}

/// ElevenLabs' public API, as documented: routes, headers, bodies, errors.
enum StandInElevenLabs {
    static let key = "xi-secret-0123456789"

    /// A second of somebody speaking, as MP3.
    static let speech: [UInt8] = {
        do {
            let folder = try TemporaryFolder()
            try Program.succeed("espeak-ng", ["-v", "en-us", "-w", folder.path("a.wav"), "My baby buys apples."])
            try Program.ffmpeg(["-i", folder.path("a.wav"), folder.path("a.mp3")])
            return Array(try Data(contentsOf: URL(fileURLWithPath: folder.path("a.mp3"))))
        } catch { fatalError("\(error)") }
    }()

    static func make() throws -> StandIn {
        let dubs = Mutex<[String: (target: String, polls: Int)]>([:])
        let clones = Mutex<[String: JSONValue]>([:])
        return try StandIn { request in
            guard request.headers["xi-api-key"] == key else {
                return refusal(401, "invalid_api_key", "Invalid API key")
            }
            let parts = request.path.split(separator: "/").map(String.init)
            switch (request.method, parts.first == "v1" ? Array(parts.dropFirst()) : []) {
            case (.get, ["voices"]):
                let listed =
                    [rachel]
                    + clones.withLock { clones in
                        clones.sorted { $0.key < $1.key }.map { voice($0.key, "Clone", labels: $0.value) }
                    }
                return json(["voices": .array(listed)])
            case (.get, let path) where path.count == 2 && path[0] == "voices":
                if path[1] == "21m00Tcm4TlvDq8ikWAM" { return json(rachel) }
                if path[1] == "sharedVoice1" || clones.withLock({ $0[path[1]] != nil }) {
                    return json(voice(path[1], "Shared"))
                }
                return refusal(400, "voice_not_found", "A voice for the voice_id \(path[1]) was not found.")
            case (.post, ["voices", "add"]): return try await clone(request, clones)
            case (.delete, let path) where path.count == 2 && path[0] == "voices":
                guard clones.withLock({ $0.removeValue(forKey: path[1]) }) != nil else {
                    return refusal(400, "voice_does_not_exist", "No.")
                }
                return json(["status": "ok"])
            case (.post, let path) where path.count == 2 && path[0] == "text-to-speech":
                return speak(request)
            case (.post, let path) where path.count == 2 && path[0] == "speech-to-speech":
                return try await convert(request)
            case (.post, ["dubbing"]): return try await dub(request, dubs)
            case (let method, let path) where path.count >= 2 && path[0] == "dubbing":
                return dubbing(method, path, dubs)
            default: return refusal(404, "not_found", "No such route.")
            }
        }
    }

    private static let rachel = voice("21m00Tcm4TlvDq8ikWAM", "Rachel")

    private static func voice(_ id: String, _ name: String, labels: JSONValue? = nil) -> JSONValue {
        [
            "voice_id": .string(id), "name": .string(name), "category": "premade",
            "labels": labels ?? ["gender": "female", "language": "en", "accent": "american"],
            "preview_url": .string("https://storage.example/\(id).mp3"), "settings": nil,
        ]
    }

    private static func speak(_ request: StandIn.Arrival) -> HTTPResponse {
        guard request.headers["Content-Type"] == "application/json", let body = request.json?.object else {
            return invalid("body", "JSON expected")
        }
        let known: Set = ["text", "model_id", "voice_settings", "previous_text", "next_text", "language_code", "seed"]
        if let strange = body.keys.first(where: { !known.contains($0) }) { return invalid(strange, "extra field") }
        guard let text = body["text"]?.text, (1...10_000).contains(text.count) else {
            return invalid("text", "1 to 10000 characters expected")
        }
        guard body["model_id"]?.text == "eleven_multilingual_v2" else {
            return refusal(400, "model_not_found", "No such model.")
        }
        guard request.query["output_format"] == "mp3_44100_128" else {
            return refusal(403, "output_format_not_allowed", "No.")
        }
        for name in ["stability", "similarity_boost"] {
            guard let value = body["voice_settings"]?[name]?.double, (0...1).contains(value) else {
                return invalid(name, "a number from 0 to 1 expected")
            }
        }
        // It streams as it speaks, without a length.
        return .stream(headers: ["Content-Type": "audio/mpeg"]) { writer in
            var rest = speech[...]
            while !rest.isEmpty {
                try await writer.write(Array(rest.prefix(700)))
                rest = rest.dropFirst(700)
            }
        }
    }

    private static func clone(_ request: StandIn.Arrival, _ clones: borrowing Mutex<[String: JSONValue]>) async throws
        -> HTTPResponse
    {
        let form = try await request.form()
        guard let name = form.fields["name"], !name.isEmpty, (form.files["files"] ?? 0) > 1000 else {
            return invalid("files", "field required")
        }
        let id = "clone\(abs(name.hashValue))"
        let labels = try form.fields["labels"].map { try JSONValue(parsing: Array($0.utf8)) }
        clones.withLock { $0[id] = labels ?? [:] }
        return json(["voice_id": .string(id), "requires_verification": false])
    }

    private static func convert(_ request: StandIn.Arrival) async throws -> HTTPResponse {
        let form = try await request.form()
        guard (form.files["audio"] ?? 0) > 1000 else { return invalid("audio", "field required") }
        guard form.fields["model_id"] == "eleven_multilingual_sts_v2" else {
            return refusal(400, "model_can_not_do_voice_conversion", "No.")
        }
        guard request.query["output_format"] == "mp3_44100_128" else {
            return refusal(403, "output_format_not_allowed", "No.")
        }
        return HTTPResponse(.ok, headers: ["Content-Type": "audio/mpeg"], bytes: speech)
    }

    private static func dub(
        _ request: StandIn.Arrival, _ dubs: borrowing Mutex<[String: (target: String, polls: Int)]>
    ) async throws -> HTTPResponse {
        let form = try await request.form()
        guard let target = form.fields["target_lang"], target.count <= 3, form.fields["source_lang"] != nil,
            Int(form.fields["num_speakers"] ?? "") != nil, (form.files["file"] ?? 0) > 1000
        else { return invalid("target_lang", "field required") }
        let id = "dub\(form.files["file"] ?? 0)"
        dubs.withLock { $0[id] = (target, 0) }
        return json(["dubbing_id": .string(id), "expected_duration_sec": 2.0])
    }

    private static func dubbing(
        _ method: HTTPMethod, _ path: [String], _ dubs: borrowing Mutex<[String: (target: String, polls: Int)]>
    ) -> HTTPResponse {
        let found = dubs.withLock { dubs -> (target: String, polls: Int)? in
            dubs[path[1]]?.polls += 1
            return dubs[path[1]]
        }
        guard let found else { return refusal(404, "dubbing_not_found", "No.") }
        if method == .delete {
            dubs.withLock { $0[path[1]] = nil }
            return json(["status": "ok"])
        }
        if path.count == 2 {
            if found.target == "la" {
                return json(["dubbing_id": .string(path[1]), "status": "failed", "error": "no speech"])
            }
            let status = found.polls > 2 ? "dubbed" : "dubbing"
            return json([
                "dubbing_id": .string(path[1]), "name": "x", "status": .string(status),
                "target_languages": [.string(found.target)], "error": nil,
            ])
        }
        guard path.count == 4, path[2] == "audio", path[3] == found.target, found.polls > 2 else {
            return refusal(404, "dubbing_not_ready", "No.")
        }
        return HTTPResponse(.ok, headers: ["Content-Type": "audio/mpeg"], bytes: speech)
    }

    static func json(_ value: JSONValue) -> HTTPResponse {
        HTTPResponse(.ok, headers: ["Content-Type": "application/json"], bytes: value.utf8)
    }

    static func refusal(_ status: Int, _ word: String, _ message: String) -> HTTPResponse {
        HTTPResponse(
            HTTPStatus(rawValue: status), headers: ["Content-Type": "application/json"],
            bytes: JSONValue.object(["detail": ["status": .string(word), "message": .string(message)]]).utf8)
    }

    private static func invalid(_ field: String, _ message: String) -> HTTPResponse {
        let problem: JSONValue = ["loc": ["body", .string(field)], "msg": .string(message), "type": "value_error"]
        return HTTPResponse(
            HTTPStatus(rawValue: 422), headers: ["Content-Type": "application/json"],
            bytes: JSONValue.object(["detail": [problem]]).utf8)
    }
}
